import type { SendSignal } from '@ringline/protocol';
import type { FakePlayer } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { FarDevice } from './support/far-device.ts';
import { ended, established, INCOMING, ringing } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected, eventsOf } from './support/world.ts';

async function inCall(world: World, media: 'audio' | 'video' = 'audio'): Promise<Call> {
  const call = await world.incoming({ media });
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media }));
  await world.done(accepting);
  return call;
}

async function inCallWithBob(media: 'audio' | 'video' = 'audio'): Promise<[World, Call]> {
  const world = await connected();
  const call = await inCall(world, media);
  await new FarDevice(world).call();
  await world.pass(1000);
  world.server.show(established({ media, version: 6, connectedMs: 0 }));
  await world.pass();
  expect(call.connection).toBe('connected');
  return [world, call];
}

function signalsOf(world: World): SendSignal[] {
  return world.server.all('signal');
}

test('media flows, and is reported once in its epoch', async () => {
  const [world] = await inCallWithBob();
  expect(world.server.all('connected')).toMatchObject([{ call: INCOMING, epoch: 1 }]);
  expect(signalsOf(world)[0]).toMatchObject({ to: 'bob1', epoch: 1 });
});

test('the callee’s device does not offer', async () => {
  const world = await connected();
  await inCall(world);
  await world.pass(3000);
  expect(signalsOf(world)).toEqual([]);
});

test('the caller’s device offers when the view says established, and not before', async () => {
  const world = await connected();
  const call = await world.outgoing();
  await world.pass(1000);
  expect(signalsOf(world)).toEqual([]);
  const peer = { user: 'bob' };
  world.server.show(established({ id: call.id, direction: 'outgoing', peer }));
  await world.pass();
  expect(signalsOf(world)[0]).toMatchObject({ signal: { kind: 'description' }, to: 'bob1' });
});

test('an offer that comes before the view waits for it', async () => {
  const world = await connected();
  const call = await world.incoming();
  await new FarDevice(world).call();
  await world.pass(300);
  const accepting = call.accept();
  await world.pass();
  expect(signalsOf(world)).toEqual([]);
  world.server.show(established());
  await world.done(accepting);
  await world.pass(1000);
  expect(world.server.all('connected')).toHaveLength(1);
});

test('signals of an older epoch, and of another device, are dropped', async () => {
  const world = await connected();
  await inCall(world);
  world.server.show(established({ version: 6, epoch: 2 }));
  await world.pass();
  const description = { type: 'offer', sdp: 'nonsense' } as const;
  const signal = { kind: 'description', description } as const;
  const call = world.client.getCall(INCOMING)!;
  const events = eventsOf(call);
  world.server.say({ type: 'signal', call: INCOMING, from: 'bob1', epoch: 1, signal });
  world.server.say({ type: 'signal', call: INCOMING, from: 'bob2', epoch: 2, signal });
  await world.pass();
  expect(events).toEqual([]);
  world.server.say({ type: 'signal', call: INCOMING, from: 'bob1', epoch: 2, signal });
  await world.pass();
  expect(events).toEqual(['problem negotiation-failed']);
});

test('a new epoch builds a new connection, and signals that were early for it count', async () => {
  const [world, call] = await inCallWithBob();
  const events = eventsOf(call);
  world.media.device('bob1').kill();
  world.media.device('bob1').revive();
  await new FarDevice(world, { epoch: 2 }).call();
  await world.pass(300);
  world.server.show(established({ version: 7, epoch: 2, connectedMs: 500 }));
  await world.pass(30);
  expect(call.connection).toBe('reconnecting');
  await world.pass(1000);
  expect(events).toEqual(['reconnecting', 'reconnected']);
  expect(world.server.all('connected').map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(world.alice1.connections).toHaveLength(1);
});

test('a path that breaks is told, and that it is back', async () => {
  const [world, call] = await inCallWithBob();
  const events = eventsOf(call);
  world.media.cut('bob1');
  await world.pass(6000);
  expect(events).toEqual(['reconnecting']);
  world.media.restore('bob1');
  await world.pass(1000);
  expect(events).toEqual(['reconnecting', 'reconnected']);
  expect(world.server.all('connected')).toHaveLength(1);
});

test('after a reconnect this device says its description again', async () => {
  const [world] = await inCallWithBob();
  const answers = () =>
    signalsOf(world).filter(({ signal }) => signal.kind === 'description').length;
  const before = answers();
  world.server.wire.drop();
  await world.pass(2000);
  expect(answers()).toBe(before + 1);
});

test('when the peer’s device comes back, it is told what it may have missed', async () => {
  const [world] = await inCallWithBob();
  const before = signalsOf(world).length;
  world.server.show(established({ version: 7, connectedMs: 1, peerGraceMs: 9000 }));
  world.server.show(established({ version: 8, connectedMs: 2 }));
  await world.pass();
  expect(signalsOf(world).length).toBeGreaterThan(before);
});

test('a losing race, an end by the peer: everything stops', async () => {
  const [world, call] = await inCallWithBob('video');
  expect(world.media.openCameras).toContain('alice1');
  world.server.show(ended());
  await world.pass();
  expect(call.state).toBe('ended');
  expect(world.alice1.tracks).toEqual([]);
  expect(world.alice1.connections).toEqual([]);
});

test('mute sends silence, and says so', async () => {
  const [world, call] = await inCallWithBob();
  const sent = () => world.alice1.connections[0]?.getTransceivers()[0]?.sender.track;
  let changes = 0;
  call.on('stateChanged', () => changes++);
  call.mute();
  expect(call.muted).toBe(true);
  expect(sent()?.enabled).toBe(false);
  call.mute(false);
  expect(sent()?.enabled).toBe(true);
  expect(changes).toBe(2);
});

test('a call that was muted before it was answered stays muted', async () => {
  const world = await connected();
  const call = await world.incoming();
  call.mute();
  const accepting = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  expect(world.alice1.tracks.filter(({ enabled }) => !enabled)).toHaveLength(1);
});

test('camera off stops the camera without negotiating, and on gives a new picture', async () => {
  const [world, call] = await inCallWithBob('video');
  const sent = () => world.alice1.connections[0]?.getTransceivers()[1]?.sender.track;
  const before = signalsOf(world).length;
  expect(call.cameraOn).toBe(true);
  await world.done(call.camera(false));
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
  expect(world.media.openMicrophones).toContain('alice1');
  expect(sent()).toBeNull();
  await world.done(call.camera());
  await world.pass();
  expect(world.media.openCameras).toEqual(['alice1']);
  expect(sent()?.readyState).toBe('live');
  expect(signalsOf(world)).toHaveLength(before);
});

test('a camera that cannot be opened rejects and stays off', async () => {
  const [world, call] = await inCallWithBob('video');
  await world.done(call.camera(false));
  world.alice1.camera = 'missing';
  expect(await world.done(codeOf(call.camera()))).toBe('no-device');
  expect(call.cameraOn).toBe(false);
});

test('an audio call has no camera', async () => {
  const [, call] = await inCallWithBob();
  expect(await codeOf(call.camera())).toBe('wrong-state');
});

test('elements show the own picture at once, the other one when it comes, and nothing in the end', async () => {
  const world = await connected();
  const call = await world.incoming({ media: 'video' });
  const [local, remote] = [world.alice1.createPlayer(), world.alice1.createPlayer()];
  call.attach({ local, remote });
  const accepting = call.accept();
  await world.pass();
  expect(local.srcObject).not.toBeNull();
  expect(local.muted).toBe(true);
  expect(remote.srcObject).toBeNull();
  world.server.show(established({ media: 'video' }));
  await world.done(accepting);
  await new FarDevice(world).call();
  await world.pass(1000);
  expect(remote.srcObject).not.toBeNull();
  expect(remote.paused).toBe(false);
  await world.done(call.end());
  expect([local.srcObject, remote.srcObject]).toEqual([null, null]);
});

test('sound is played without an element of the app, and moves to the one that is attached', async () => {
  const [world, call] = await inCallWithBob();
  const own = world.alice1.players[0] as FakePlayer;
  expect(own.srcObject).not.toBeNull();
  const remote = world.alice1.createPlayer();
  call.attach({ remote });
  expect(own.srcObject).toBeNull();
  expect(remote.srcObject).not.toBeNull();
  call.attach({ remote: null });
  expect(remote.srcObject).toBeNull();
  expect(own.srcObject).not.toBeNull();
});

test('a peer connection that cannot be made is told as a problem', async () => {
  const world = await connected();
  const call = await world.incoming();
  const events = eventsOf(call);
  world.alice1.createPeerConnection = () => {
    throw new SyntaxError('no ICE server has this address');
  };
  const accepting = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  expect(events).toContain('problem negotiation-failed');
});

test('two calls share a microphone, and each stops its own clone', async () => {
  const world = await connected();
  const first = await inCall(world);
  const second = world.client.call('carol');
  await world.pass();
  const other = await world.done(second);
  // The microphone itself, and a clone for each.
  expect(world.alice1.tracks).toHaveLength(3);
  await world.done(other.cancel());
  expect(world.alice1.tracks).toHaveLength(2);
  await world.done(first.end());
  expect(world.alice1.tracks).toHaveLength(0);
});

test('a report that the server cannot take just now is made again', async () => {
  const world = await connected();
  world.server.refuse('connected', 'unavailable', { retryAfterMs: 500 });
  await inCall(world);
  await new FarDevice(world).call();
  await world.pass(600);
  world.server.answers.delete('connected');
  await world.pass(1000);
  expect(world.server.all('connected').length).toBeGreaterThan(1);
});

test('a view of ringing after the accept is on its way does not stop the call', async () => {
  const world = await connected();
  world.server.silentOn.add('accept');
  const call = await world.incoming({ remainingMs: 500 });
  const accepting = call.accept();
  await world.pass(1000);
  expect(call.state).toBe('inviting');
  world.server.show(ringing({ version: 2, state: 'ringing', remainingMs: 0 }));
  await world.pass();
  world.server.show(established());
  world.server.answer(world.server.last('accept'));
  await world.done(accepting);
  expect(call.state).toBe('established');
});
