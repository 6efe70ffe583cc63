import { CLOSE, HEARTBEAT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { ConnectionChange } from '../src/index.ts';
import { RinglineClient } from '../src/index.ts';
import { established, INCOMING } from './support/views.ts';
import { codeOf, connected, World } from './support/world.ts';

function changesOf({ client }: World): ConnectionChange['state'][] {
  const states: ConnectionChange['state'][] = [];
  client.on('connectionChanged', ({ state }) => states.push(state));
  return states;
}

test('connect says hello, and resolves with the welcome', async () => {
  const world = new World({ language: 'en' });
  const states = changesOf(world);
  await world.connect();
  expect(world.server.heard).toEqual([
    {
      type: 'hello',
      versions: [1],
      token: 'token of alice',
      device: 'alice1',
      calls: [],
      language: 'en',
    },
  ]);
  expect(states).toEqual(['connecting', 'connected']);
  expect(world.client.user).toBe('alice');
});

test('connect twice is one connection', async () => {
  const world = new World();
  await world.clock.untilSettled(Promise.all([world.client.connect(), world.client.connect()]));
  await world.connect();
  expect(world.server.wires).toHaveLength(1);
});

test('a lost connection comes back by itself, with what this device knows', async () => {
  const world = await connected();
  const states = changesOf(world);
  await world.incoming({ version: 3 });
  world.server.wire.drop();
  await world.pass(2000);
  expect(states).toEqual(['reconnecting', 'connected']);
  expect(world.server.last('hello')).toMatchObject({
    resumeKey: 'resume',
    calls: [{ id: INCOMING, version: 3 }],
    cursor: 0,
  });
});

test('the pauses between attempts grow, up to half a minute', async () => {
  const world = await connected();
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass(10_000);
  const early = world.server.wires.length;
  await world.pass(100_000);
  const late = world.server.wires.length - early;
  expect(early).toBeGreaterThan(4);
  expect(late).toBeGreaterThan(2);
  expect(late).toBeLessThan(8);
});

test('a device that said too much stays away for a while', async () => {
  const world = await connected();
  world.server.close(CLOSE.rateLimited.code);
  await world.pass(3500);
  expect(world.client.connectionState).toBe('reconnecting');
});

test('with an open call the pauses stay short', async () => {
  const world = await connected();
  await world.incoming();
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass(20_000);
  expect(world.server.wires.length).toBeGreaterThan(9);
});

test('the first connection is given up after its time', async () => {
  const world = new World({ connectTimeoutMs: 5000 });
  world.server.isReachable = false;
  expect(await world.done(codeOf(world.client.connect()))).toBe('timeout');
  expect(world.client.connectionState).toBe('disconnected');
});

test('a server that accepts the socket and says nothing is left', async () => {
  const world = new World();
  world.server.silentOn.add('hello');
  const connecting = world.client.connect();
  await world.pass(11_000);
  expect(world.server.wires.length).toBeGreaterThan(1);
  world.server.silentOn.delete('hello');
  await world.done(connecting);
});

test.each([
  ['unauthorized', 'unauthorized'],
  ['replaced', 'replaced'],
  ['tooManyDevices', 'too-many-devices'],
  ['unsupportedVersion', 'unsupported-version'],
  ['malformed', 'malformed'],
] as const)('a server that closes with %s is not asked again', async (name, code) => {
  const world = new World();
  world.server.turnAwayWith = CLOSE[name].code;
  expect(await world.done(codeOf(world.client.connect()))).toBe(code);
  await world.pass(60_000);
  expect(world.server.wires).toHaveLength(1);
});

test.each(['slowConsumer', 'rateLimited', 'internal', 'leaving', 'silent'] as const)(
  'after a close with %s the device comes back',
  async (name) => {
    const world = await connected();
    world.server.close(CLOSE[name].code);
    await world.pass(20_000);
    expect(world.client.connectionState).toBe('connected');
  },
);

test('a device that was replaced loses its calls', async () => {
  const world = await connected();
  const call = await world.incoming();
  world.server.close(CLOSE.replaced.code);
  await world.pass();
  expect(call.state).toBe('ended');
  expect(world.client.connectionState).toBe('disconnected');
});

test('a page back from the back-forward cache, whose id another tab has taken, ends as replaced', async () => {
  const world = await connected();
  const call = await world.incoming();
  const changes: ConnectionChange[] = [];
  world.client.on('connectionChanged', (change) => changes.push(change));
  // A page in the cache runs no timer, and hears nothing.
  world.machine.sleep(60_000);
  world.server.wire.stall(60_000, 'client');
  await world.pass(10_000);
  world.server.close(CLOSE.replaced.code);
  await world.pass(120_000);
  expect(changes).toMatchObject([{ state: 'disconnected', error: { code: 'replaced' } }]);
  expect(call.state).toBe('ended');
  expect(world.server.all('hello')).toHaveLength(1);
});

test('heartbeats name the calls; without an answer the connection is dead', async () => {
  const world = await connected();
  await world.incoming({ version: 2 });
  await world.pass(HEARTBEAT_MS);
  expect(world.server.last('heartbeat').calls).toEqual([{ id: INCOMING, version: 2 }]);
  world.server.wire.cut();
  await world.pass(HEARTBEAT_MS + 8000);
  expect(world.server.wires).toHaveLength(2);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON6] a heartbeat that is refused shows that the socket lives: the device stays, and asks again', async () => {
  const world = await connected();
  const states = changesOf(world);
  world.server.silentOn.add('heartbeat');
  await world.pass(HEARTBEAT_MS);
  world.server.say({ type: 'refused', re: 0, code: 'unavailable', message: '' });
  await world.pass(HEARTBEAT_MS + 1_000);
  expect(world.server.all('heartbeat')).toHaveLength(2);
  expect(states).toEqual([]);
  // The next has no answer at all.
  await world.pass(HEARTBEAT_MS);
  expect(states).toContain('reconnecting');
});

test('a heartbeat may say that a call is gone', async () => {
  const world = await connected();
  const call = await world.incoming();
  world.server.silentOn.add('heartbeat');
  await world.pass(HEARTBEAT_MS);
  world.server.say({ type: 'alive', at: world.clock.now(), gone: [INCOMING] });
  await world.pass();
  expect(call.state).toBe('ended');
});

test('a server that leaves is left when it says, and another found', async () => {
  const world = await connected();
  world.server.say({ type: 'leaving', afterMs: 4000 });
  await world.pass(3900);
  expect(world.server.wires).toHaveLength(1);
  await world.pass(500);
  expect(world.server.wires).toHaveLength(2);
  expect(world.client.connectionState).toBe('connected');
});

test('a leaving server that closes early is not asked before its time', async () => {
  const world = await connected();
  world.server.say({ type: 'leaving', afterMs: 5000 });
  await world.pass();
  world.server.close(CLOSE.leaving.code);
  await world.pass(4000);
  expect(world.server.wires).toHaveLength(1);
  await world.pass(2000);
  expect(world.client.connectionState).toBe('connected');
});

test('when the network wakes up, a waiting device connects at once', async () => {
  const world = await connected();
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass(60_000);
  world.server.isReachable = true;
  world.wake();
  await world.pass(200);
  expect(world.client.connectionState).toBe('connected');
});

test('when the network wakes up, a connected device asks whether the server is still there', async () => {
  const world = await connected();
  world.wake();
  await world.pass();
  expect(world.server.all('heartbeat')).toHaveLength(1);
});

test('requests without an answer are said again after a reconnect: in order, with their numbers', async () => {
  const world = await connected();
  world.server.silentOn.add('send');
  const sending = Promise.all([world.client.send('bob', 'one'), world.client.send('bob', 'two')]);
  await world.pass();
  const first = world.server.all('send');
  expect(first.map(({ seq }) => seq)).toEqual([1, 2]);
  world.server.silentOn.delete('send');
  world.server.welcome = { lastSeq: 1 };
  world.server.wire.drop();
  await world.done(sending);
  expect(world.server.all('send').slice(2)).toEqual(first);
});

test('a new page continues above the numbers of the one before', async () => {
  const world = new World();
  world.server.welcome = { lastSeq: 41 };
  await world.connect();
  await world.done(world.client.send('bob', 'hello'));
  expect(world.server.last('send').seq).toBe(42);
});

test('what is asked while the connection is away waits for it', async () => {
  const world = await connected();
  world.server.wire.drop();
  await world.pass(10);
  expect(world.client.connectionState).toBe('reconnecting');
  await world.done(world.client.send('bob', 'later'));
  expect(world.server.all('send')).toHaveLength(1);
});

test('what is not answered in time is given up', async () => {
  const world = await connected();
  world.server.silentOn.add('send');
  expect(await world.done(codeOf(world.client.send('bob', 'hello')))).toBe('timeout');
});

test('disconnect ends the calls, says so, and stays away', async () => {
  const world = await connected();
  const outgoing = await world.outgoing();
  await world.incoming();
  world.server.show(established());
  await world.pass();
  const waiting = codeOf(world.client.history('bob'));
  world.client.disconnect();
  expect(outgoing.state).toBe('ended');
  expect(await waiting).toBe('not-connected');
  await world.pass(60_000);
  expect(world.server.all('end')).toMatchObject([{ call: INCOMING }]);
  expect(world.server.all('cancel')).toMatchObject([{ call: outgoing.id }]);
  expect(world.server.wires).toHaveLength(1);
  expect(world.media.openMicrophones).toEqual([]);
  await world.connect();
  expect(world.client.connectionState).toBe('connected');
});

test('[PRO7] messages of a type that this version does not know are none of its business', async () => {
  const world = await connected();
  world.server.say({ type: 'weather' } as never);
  await world.incoming();
  expect(world.client.calls).toHaveLength(1);
});

test.each([
  ['https://calls.test', 'wss://calls.test/v1/connect'],
  ['http://localhost:8080/', 'ws://localhost:8080/v1/connect'],
  ['wss://calls.test/elsewhere', 'wss://calls.test/elsewhere'],
])('%s is reached at %s', async (url, address) => {
  const opened: string[] = [];
  const world = new World();
  const client = new RinglineClient({
    url,
    token: '',
    media: null,
    clock: world.clock,
    openSocket: (to) => {
      opened.push(to);
      return { send: () => {}, close: () => {} };
    },
  });
  void client.connect().catch(() => {});
  await world.pass(1);
  expect(opened).toEqual([address]);
});
