import type { RtmInvitation } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { extend } from '../src/extension.ts';
import type { Call } from '../src/index.ts';
import { World } from './support/world.ts';
import { ringing } from './support/views.ts';

/** A client with an extension that notes what it hears, and takes calls that are meant for it. */
function extended(options: ConstructorParameters<typeof World>[0] = {}) {
  const world = new World(options);
  const heard: unknown[] = [];
  const invitations = [{ id: 'invitation-of-alice', version: 3 }];
  const line = extend(world.client, {
    hello: () => ({ rtm: { invitations, beside: true } }),
    beat: () => ({ rtm: { invitations } }),
    welcomed: ({ rtm }) => heard.push(['welcomed', rtm?.resumed]),
    resumed: () => heard.push('resumed'),
    received: ({ type }) => heard.push(type),
    alive: ({ rtm }) => heard.push(...(rtm?.gone ?? [])),
    takes: ({ content }) => content === 'for the extension',
  });
  return { world, heard, line, invitations };
}

test('an extension adds to hello and heartbeats, and hears the welcome, its messages and what is gone', async () => {
  const { world, heard, invitations } = extended();
  world.server.welcome = { rtm: { resumed: true, gone: [] } };
  await world.connect();
  expect(world.server.last('hello').rtm).toEqual({ invitations, beside: true });
  const told = { type: 'rtm-invitation', at: 1 } as RtmInvitation;
  world.server.say(told);
  await world.pass(16_000);
  expect(world.server.last('heartbeat').rtm).toEqual({ invitations });
  world.server.say({ type: 'alive', at: 1, gone: [], rtm: { gone: ['invitation-of-alice'] } });
  await world.pass();
  expect(heard).toEqual([['welcomed', true], 'resumed', 'rtm-invitation', 'invitation-of-alice']);
});

test('it says what is not answered, and asks as the SDK does', async () => {
  const { world, line } = extended();
  await world.connect();
  line.say({ type: 'rtm-got', from: 'bob', message: 'message-of-bob-1' });
  const leave = { type: 'rtm-leave', channel: 'room' } as const;
  await world.done(line.requests.request(() => leave));
  expect(world.server.last('rtm-got').message).toBe('message-of-bob-1');
  expect(world.server.last('rtm-leave')).toMatchObject({ channel: 'room', seq: 1 });
});

test('a call that it takes is not told to the app, another is', async () => {
  const { world } = extended();
  await world.connect();
  const rung: Call[] = [];
  world.client.on('incoming', (call) => rung.push(call));
  world.server.show(ringing({ content: 'for the extension' }));
  world.server.show(ringing({ id: 'another-call-of-bob', content: 'for the app' }));
  await world.pass();
  expect(rung.map(({ id }) => id)).toEqual(['another-call-of-bob']);
  expect(world.client.calls).toHaveLength(2);
});

test('a token that it gives is that of the connection, and of the next one', async () => {
  const { world, heard, line } = extended({ tokenProvider: () => 'from the provider' });
  await world.connect();
  world.server.answers.set('renew-token', { type: 'done', tokenExpiresMs: 300_000 });
  expect(await world.done(line.renewal.take('from the extension'))).toBe(300_000);
  expect(heard.at(-1)).toBe('resumed');
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.last('hello').token).toBe('from the extension');
});

test('a token that the server refuses is not taken', async () => {
  const { world, line } = extended({ tokenProvider: () => 'from the provider' });
  await world.connect();
  world.server.refuse('renew-token', 'unauthorized');
  await expect(world.done(line.renewal.take('forged'))).rejects.toMatchObject({
    code: 'unauthorized',
  });
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.last('hello').token).toBe('from the provider');
});

test('only a client of the SDK can be extended', () => {
  expect(() => extend({} as World['client'], {} as never)).toThrow(TypeError);
});
