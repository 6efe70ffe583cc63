import { expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { REQUEST_TIMEOUT_MS } from '../src/timing.ts';
import { FarDevice } from './support/far-device.ts';
import { ended, established, ringing } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected } from './support/world.ts';

const SECOND = 'call-of-carol-to-alice';
const carol = { id: SECOND, peer: { user: 'carol' } } as const;

/** Alice talks with bob, and carol calls. */
async function waiting(): Promise<{ world: World; first: Call; second: Call }> {
  const world = await connected({ callWaiting: true });
  const first = await world.incoming();
  const accepting = first.accept();
  await world.pass();
  world.server.show(established({ connectedMs: 0 }));
  await world.done(accepting);
  await new FarDevice(world).call();
  await world.pass(1000);
  const second = await world.incoming(carol);
  return { world, first, second };
}

/** Alice talks with carol and holds her call with bob. */
async function both() {
  const { world, first, second } = await waiting();
  const accepting = second.accept();
  await world.pass();
  world.server.show(established({ version: 7, connectedMs: 0, held: true }));
  world.server.show(established({ ...carol, connectedMs: 0 }));
  await world.done(accepting);
  return { world, first, second };
}

/** Whether alice's microphone is given to the connection of each call, in the order in which they were made. */
function sends({ alice1 }: World): readonly (boolean | undefined)[] {
  return alice1.connections.map(
    (connection) =>
      connection.getTransceivers().find(({ kind }) => kind === 'audio')?.sender.track?.enabled,
  );
}

test('a page says in its hello that it takes a second call, and may say otherwise', async () => {
  const world = await connected({ callWaiting: true });
  expect(world.server.last('hello')).toMatchObject({ callWaiting: true });
  await world.done(world.client.setCallWaiting(false));
  expect(world.server.last('set-call-waiting')).toMatchObject({ on: false });
  expect(world.client.callWaiting).toBe(false);
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello')).not.toHaveProperty('callWaiting');
});

test('who accepts a second call is silent in the first before the server is asked', async () => {
  const { world, first, second } = await waiting();
  world.server.silentOn.add('accept');
  void second.accept();
  expect(sends(world)[0]).toBe(true);
  await world.pass();
  expect(world.server.all('accept')).toHaveLength(2);
  expect(sends(world)[0]).toBe(false);
  expect(first.localHold).toBe(false);
});

test('the first stays silent once the server holds it, and the second is live', async () => {
  const { world, first, second } = await both();
  expect(first).toMatchObject({ state: 'established', localHold: true });
  expect(second).toMatchObject({ state: 'established', localHold: false });
  expect(sends(world)[0]).toBe(false);
  expect(world.client.calls).toEqual([first, second]);
});

test('an accept that is refused leaves the first as it was', async () => {
  const { world, second } = await waiting();
  world.server.refuse('accept', 'in-progress');
  expect(await codeOf(world.done(second.accept()))).toBe('in-progress');
  expect(sends(world)[0]).toBe(true);
  expect(second.state).toBe('inviting');
});

test('an accept without an answer may have held the first: it stays silent until the server has said so', async () => {
  const { world, second } = await waiting();
  world.server.silentOn.add('accept');
  const answered = codeOf(second.accept());
  await world.pass(REQUEST_TIMEOUT_MS + 100);
  expect(await answered).toBe('timeout');
  expect(sends(world)[0]).toBe(false);
  world.server.show(established({ version: 8, connectedMs: 0 }));
  await world.pass();
  expect(sends(world)[0]).toBe(true);
});

test('who mutes one call says nothing about the other', async () => {
  const { first, second } = await both();
  second.mute();
  expect([first.muted, second.muted]).toEqual([false, true]);
});

test('calling out holds the first, unless that call is over as it begins', async () => {
  const { world, first, second } = await waiting();
  world.server.show(ended({ ...carol, reason: 'cancelled' }));
  await world.pass();
  expect(second.state).toBe('ended');
  world.server.silentOn.add('invite');
  const askedAt = world.clock.now();
  const calling = world.client.call('dave');
  await world.pass();
  expect(sends(world)[0]).toBe(false);
  const { call: id, seq } = world.server.last('invite');
  const dave = { id, peer: { user: 'dave' }, direction: 'outgoing' } as const;
  world.server.show(ended({ ...dave, reason: 'busy', version: 1 }));
  world.server.say({ type: 'invited', re: seq, call: id });
  const call = await world.done(calling);
  await world.pass();
  expect(call).toMatchObject({ state: 'ended', endReason: 'busy' });
  expect(world.clock.now() - askedAt).toBeLessThan(500);
  expect(sends(world)[0]).toBe(true);
  expect(first.localHold).toBe(false);
});

test('a swap is silent in one call and speaks in the other with the same word', async () => {
  const { world, first, second } = await both();
  world.server.silentOn.add('swap');
  const swapping = first.swap();
  await world.pass();
  expect(world.server.last('swap')).toMatchObject({ call: first.id });
  expect(sends(world)[0]).toBe(true);
  world.server.answer(world.server.last('swap'));
  const resuming = { by: 'self', resume: 1 } as const;
  world.server.show(established({ ...carol, version: 7, connectedMs: 0, held: true }));
  world.server.show(established({ version: 8, connectedMs: 0, resuming }));
  await world.pass();
  expect(second.localHold).toBe(true);
  world.server.show(established({ version: 9, connectedMs: 0 }));
  await world.done(swapping);
  expect(first).toMatchObject({ localHold: false, resuming: false });
});

test('a resume beside a live call is refused, and nothing is said in the held one meanwhile', async () => {
  const { world, first } = await both();
  world.server.silentOn.add('resume');
  const resumed = codeOf(first.resume());
  await world.pass();
  expect(sends(world)[0]).toBe(false);
  world.server.refuse('resume', 'other-call-live');
  world.server.answer(world.server.last('resume'));
  expect(await world.done(resumed)).toBe('other-call-live');
});

test('a swap that is refused leaves both as they were', async () => {
  const { world, first, second } = await both();
  world.server.refuse('swap', 'in-progress');
  expect(await codeOf(world.done(first.swap()))).toBe('in-progress');
  expect(sends(world)[0]).toBe(false);
  expect([first.localHold, second.localHold]).toEqual([true, false]);
});

test('the end of one may bring the other back', async () => {
  const { world, first, second } = await both();
  await world.done(second.end({ resumeOther: true }));
  expect(world.server.last('end')).toMatchObject({ call: SECOND, resumeOther: true });
  const resuming = { by: 'self', resume: 1 } as const;
  world.server.show(established({ version: 8, connectedMs: 0, resuming }));
  await world.pass();
  expect(first.localHold).toBe(false);
  expect(sends(world)[0]).toBe(true);
});

test('a resume is over when the call is held again for another, whatever views were lost between', async () => {
  const { world, first, second } = await waiting();
  const holds = { connectedMs: 0, held: true, peerHolds: true } as const;
  world.server.show(established({ version: 7, ...holds }));
  await world.pass();
  const resumed = codeOf(first.resume());
  await world.pass();
  const accepting = second.accept();
  await world.pass();
  world.server.show(established({ version: 9, ...holds }));
  world.server.show(established({ ...carol, connectedMs: 0 }));
  await world.done(accepting);
  expect(await world.done(resumed)).toBe('wrong-state');
  expect(sends(world)[0]).toBe(false);
});

test('a second call that rings out leaves the first as it was', async () => {
  const { world, first } = await waiting();
  world.server.show(ended({ ...carol, reason: 'expired' }));
  await world.pass();
  expect(first.state).toBe('established');
  expect(sends(world)[0]).toBe(true);
  world.server.show(ringing({ id: 'another-of-carol-call', peer: carol.peer }));
  await world.pass();
  expect(world.client.calls).toHaveLength(2);
});
