import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { ended, established, INCOMING, ringing } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected, eventsOf, World as UnconnectedWorld } from './support/world.ts';

function idOf(world: World): string {
  return world.server.last('invite').call;
}

function outgoingView(world: World) {
  return { id: idOf(world), direction: 'outgoing', peer: { user: 'bob' } } as const;
}

test('[PLC1] call opens the microphone first, invites then, and gives the call', async () => {
  const world = await connected();
  const calling = world.client.call('bob', { content: 'lunch?', ringTimeoutMs: 5000 });
  await world.pass(1);
  expect(world.server.all('invite')).toEqual([]);
  const call = await world.done(calling);
  expect(world.media.openMicrophones).toEqual(['alice1']);
  expect(world.server.last('invite')).toMatchObject({
    to: 'bob',
    media: 'audio',
    content: 'lunch?',
    ringTimeoutMs: 5000,
  });
  expect(call).toMatchObject({ direction: 'outgoing', state: 'inviting', content: 'lunch?' });
  expect(world.alice1.connections).toEqual([]);
  expect(world.client.calls).toEqual([call]);
});

test('the caller sees the legs, the ringing, the answer and the connection', async () => {
  const world = await connected();
  const call = await world.outgoing();
  const events = eventsOf(call);
  const legs = [{ device: 'bob1', state: 'alerting', epoch: 1 }] as const;
  world.server.show(ringing({ ...outgoingView(world), state: 'ringing', legs }));
  await world.pass();
  expect(call.legs).toEqual(legs);
  const view = established({ ...outgoingView(world), response: 'yes' });
  world.server.show(view);
  await world.pass();
  expect(call).toMatchObject({ state: 'established', response: 'yes', legs: [] });
  world.server.show({ ...view, version: 6, connectedMs: 0 });
  await world.pass();
  expect(call.connection).toBe('reconnecting');
  expect(events).toEqual(['ringing', 'accepted', 'connected', 'reconnecting']);
});

test('[PLC2] views that come before the answer are told after the app could listen', async () => {
  const world = await connected();
  world.server.silentOn.add('invite');
  const told: string[] = [];
  const calling = world.client.call('bob').then((call) => {
    call.on('ended', () => told.push('ended'));
    return call;
  });
  await world.pass();
  world.server.show(ended({ ...outgoingView(world), version: 2, reason: 'busy' }));
  world.server.answer(world.server.last('invite'));
  const call = await world.done(calling);
  await world.pass();
  expect(call.endReason).toBe('busy');
  expect(told).toEqual(['ended']);
  expect(world.media.openMicrophones).toEqual([]);
});

test('[PLC1] a denied camera rejects and sends nothing', async () => {
  const world = await connected();
  world.alice1.camera = 'denied';
  expect(await world.done(codeOf(world.client.call('bob', { media: 'video' })))).toBe(
    'camera-denied',
  );
  expect(world.server.all('invite')).toEqual([]);
});

test.each(['caller-busy', 'self-call', 'rate-limited', 'forbidden'] as const)(
  '[PLC3] an invitation refused as %s rejects and lets the microphone go',
  async (code) => {
    const world = await connected();
    world.server.refuse('invite', code);
    expect(await world.done(codeOf(world.client.call('bob')))).toBe(code);
    expect(world.media.openMicrophones).toEqual([]);
    expect(world.client.calls).toEqual([]);
  },
);

test.each([
  ['a user id that is none', '', {}],
  ['content that is too long', 'bob', { content: 'x'.repeat(8193) }],
  ['half a character', 'bob', { content: '\ud800' }],
  ['a ring time that is too short', 'bob', { ringTimeoutMs: 1 }],
])('[PLC1] %s is malformed before a device is opened', async (_what, user, options) => {
  const world = await connected();
  expect(await codeOf(world.client.call(user, options))).toBe('malformed');
  expect(world.media.openMicrophones).toEqual([]);
});

test('without a connection nobody can be called', async () => {
  const world = new UnconnectedWorld();
  expect(await codeOf(world.client.call('bob'))).toBe('not-connected');
});

test('[PLC6] a call that is aborted while its devices are opened is not placed, and they are closed', async () => {
  const world = await connected();
  const taken = new AbortController();
  const calling = world.client.call('bob', { signal: taken.signal });
  taken.abort(new Error('taken back'));
  await expect(world.done(calling)).rejects.toThrow('taken back');
  expect(world.server.all('invite')).toEqual([]);
  expect(world.media.openMicrophones).toEqual([]);
});

test('[PLC6] a signal that serves for long is let go of, whatever came of the request', async () => {
  const world = await connected();
  const { signal } = new AbortController();
  await world.done(world.client.call('bob', { signal }));
  world.server.refuse('invite', 'caller-busy');
  expect(await codeOf(world.done(world.client.call('carol', { signal })))).toBe('caller-busy');
  world.server.silentOn.add('invite');
  const late = codeOf(world.client.call('dave', { signal }));
  await world.pass(1);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  expect(await world.done(late)).toBe('timeout');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('[PLC6] one that waits for the connection is never sent', async () => {
  const world = await connected();
  world.server.close(1006);
  await world.pass();
  expect(world.client.connectionState).toBe('reconnecting');
  const taken = new AbortController();
  const calling = world.client.call('bob', { signal: taken.signal });
  const outcome = calling.catch((error: unknown) => error);
  await world.pass();
  taken.abort(new Error('taken back'));
  expect(await outcome).toMatchObject({ message: 'taken back' });
  await world.pass(5_000);
  expect(world.server.all('invite')).toEqual([]);
  expect(world.media.openMicrophones).toEqual([]);
});

test('[PLC6] one whose invitation has left is cancelled at once', async () => {
  const world = await connected();
  world.server.silentOn.add('invite');
  const taken = new AbortController();
  const outcome = world.client
    .call('bob', { signal: taken.signal })
    .catch((error: unknown) => error);
  await world.pass();
  taken.abort(new Error('taken back'));
  expect(await outcome).toMatchObject({ message: 'taken back' });
  expect(world.media.openMicrophones).toEqual([]);
  expect(world.client.calls).toEqual([]);
  await world.pass();
  expect(world.server.all('cancel')).toMatchObject([{ call: idOf(world) }]);
  // The server was about to place it.
  world.server.answer(world.server.last('invite'));
  world.server.show(ended({ ...outgoingView(world), reason: 'cancelled' }));
  await world.pass();
  expect(world.client.getCall(idOf(world))).toBeUndefined();
  expect(world.server.all('cancel')).toHaveLength(1);
});

test('[PLC6] one whose invitation has left, and the connection is lost, is not invited again but cancelled', async () => {
  const world = await connected();
  world.server.silentOn.add('invite');
  const taken = new AbortController();
  const outcome = world.client
    .call('bob', { signal: taken.signal })
    .catch((error: unknown) => error);
  await world.pass();
  world.server.wire.drop();
  await world.pass(1);
  taken.abort(new Error('taken back'));
  expect(await outcome).toMatchObject({ message: 'taken back' });
  world.server.refuse('cancel', 'unknown-call');
  await world.pass(5_000);
  expect(world.client.connectionState).toBe('connected');
  expect(world.server.all('invite')).toHaveLength(1);
  expect(world.server.all('cancel')).toMatchObject([{ call: idOf(world) }]);
  expect(world.client.getCall(idOf(world))).toBeUndefined();
});

test('[PLC6] one that is answered as it is taken back is hung up', async () => {
  const world = await connected();
  world.server.silentOn.add('invite').add('cancel');
  const taken = new AbortController();
  const outcome = world.client
    .call('bob', { signal: taken.signal })
    .catch((error: unknown) => error);
  await world.pass();
  taken.abort(new Error('taken back'));
  await outcome;
  await world.pass();
  world.server.show(established(outgoingView(world)));
  world.server.refuse('cancel', 'wrong-state');
  world.server.answer(world.server.last('cancel'));
  await world.pass();
  expect(world.server.all('end')).toMatchObject([{ call: idOf(world) }]);
  expect(world.client.calls).toEqual([]);
});

test('cancel ends the call here at once and is said once', async () => {
  const world = await connected();
  const call = await world.outgoing();
  const events = eventsOf(call);
  const cancelling = Promise.all([call.cancel(), call.cancel()]);
  expect(call).toMatchObject({ state: 'ended', endReason: 'cancelled' });
  expect(world.media.openMicrophones).toEqual([]);
  await world.done(cancelling);
  expect(world.server.all('cancel')).toHaveLength(1);
  expect(events).toEqual(['ended']);
});

test('a cancel that comes after the accept hangs up', async () => {
  const world = await connected();
  const call = await world.outgoing();
  world.server.refuse('cancel', 'wrong-state');
  const cancelling = call.cancel();
  world.server.show(established(outgoingView(world)));
  await world.done(cancelling);
  await world.pass();
  expect(world.server.all('end')).toMatchObject([{ call: call.id }]);
  world.server.show(ended({ ...outgoingView(world), reason: 'completed' }));
  await world.pass();
  expect(call.endReason).toBe('completed');
  expect(world.client.getCall(call.id)).toBeUndefined();
});

test('the caller stops waiting by itself, a little after the server should have said so', async () => {
  const world = await connected();
  const call = await world.outgoing({ ringTimeoutMs: 5000 });
  await world.pass(6000);
  expect(call.state).toBe('inviting');
  await world.pass(1500);
  expect(call).toMatchObject({ state: 'ended', endReason: 'no-answer' });
});

test('[PLC4] when two users call each other, call() gives the call that survived', async () => {
  const world = await connected();
  const announced: Call[] = [];
  world.client.on('incoming', (call) => announced.push(call));
  world.client.on('restored', (call) => announced.push(call));
  world.server.silentOn.add('invite');
  const calling = world.client.call('bob');
  await world.pass();
  // Bob's invitation was first: alice's became its accept.
  world.server.show(established({ response: 'lunch?' }));
  world.server.say({ type: 'invited', re: world.server.last('invite').seq, call: INCOMING });
  const call = await world.done(calling);
  await world.pass();
  expect(call).toMatchObject({ id: INCOMING, direction: 'incoming', state: 'established' });
  expect(announced).toEqual([]);
  expect(world.client.calls).toEqual([call]);
  expect(world.media.openMicrophones).toEqual(['alice1']);
  expect(world.alice1.tracks).toHaveLength(2);
});

test('[PLC4] when the call that survived rings here already, it is that one', async () => {
  const world = await connected();
  const known = await world.incoming();
  world.server.answers.set('invite', { type: 'invited', call: INCOMING });
  const calling = world.client.call('bob', { media: 'video' });
  await world.pass();
  world.server.show(established());
  expect(await world.done(calling)).toBe(known);
  await world.pass();
  expect(known.state).toBe('established');
  // Differing media merge as audio: the camera goes out.
  expect(world.media.openCameras).toEqual([]);
  expect(world.media.openMicrophones).toEqual(['alice1']);
});

test('[PLC5] an invitation from bob that waited for the answer to alice’s rings no longer for it', async () => {
  const world = await connected();
  world.server.silentOn.add('invite');
  const calling = codeOf(world.client.call('bob'));
  await world.pass();
  world.server.show(ringing({ remainingMs: 6_000 }));
  await world.pass(5_000);
  world.server.refuse('invite', 'rate-limited');
  world.server.answer(world.server.last('invite'));
  await world.done(calling);
  await world.pass();
  const call = world.client.getCall(INCOMING);
  expect(call?.state).toBe('inviting');
  await world.pass(900);
  expect(call).toMatchObject({ state: 'ended', endReason: 'expired' });
});

test('[PLC5] an invitation from bob that ended while signalling was away does not ring afterwards', async () => {
  const world = await connected();
  world.server.silentOn.add('invite');
  const calling = codeOf(world.client.call('bob'));
  await world.pass();
  world.server.show(ringing());
  await world.pass();
  world.server.refuse('invite', 'rate-limited');
  world.server.silentOn.delete('invite');
  world.server.wire.drop();
  expect(await world.done(calling)).toBe('rate-limited');
  await world.pass();
  expect(world.client.calls).toEqual([]);
});

test('[PLC5] an invitation from bob that does not survive as alice’s call is announced after all', async () => {
  const world = await connected();
  const announced: Call[] = [];
  world.client.on('incoming', (call) => announced.push(call));
  world.server.silentOn.add('invite');
  const calling = codeOf(world.client.call('bob'));
  await world.pass();
  world.server.show(ringing());
  world.server.refuse('invite', 'rate-limited');
  world.server.answer(world.server.last('invite'));
  expect(await world.done(calling)).toBe('rate-limited');
  await world.pass();
  expect(announced).toHaveLength(1);
});
