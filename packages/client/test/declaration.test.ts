import { expect, test } from 'vitest';
import type { Call, Notes } from '../src/index.ts';
import { ended, established, INCOMING } from './support/views.ts';
import type { World } from './support/world.ts';
import { connected } from './support/world.ts';

async function inCall(world: World, media: 'audio' | 'video' = 'video'): Promise<Call> {
  const call = await world.incoming({ media });
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media }));
  await world.done(accepting);
  await world.pass();
  return call;
}

/** What the device has declared, as `sound+picture` or parts of it. */
function declared(world: World): string[] {
  return world.server
    .all('declare')
    .map(({ microphone, camera }) => [microphone && 'sound', camera && 'picture'])
    .map((parts) => parts.filter(Boolean).join('+') || 'nothing');
}

test('a device that sends both says nothing', async () => {
  const world = await connected();
  await inCall(world);
  expect(declared(world)).toEqual([]);
});

test('mute and camera off are declared, and that they are on again', async () => {
  const world = await connected();
  const call = await inCall(world);
  call.mute();
  await world.pass();
  world.server.show(established({ media: 'video', version: 6, muted: true }));
  await world.done(call.camera(false));
  await world.pass();
  world.server.show(established({ media: 'video', version: 7, muted: true, cameraOff: true }));
  await world.pass();
  call.mute(false);
  await world.pass();
  expect(declared(world)).toEqual(['picture', 'nothing', 'sound']);
  expect(world.server.last('declare').call).toBe(INCOMING);
});

test('what was left before the answer is declared once it is established, and not before', async () => {
  const world = await connected();
  const call = await world.incoming({ media: 'video' });
  call.mute();
  await world.pass();
  expect(declared(world)).toEqual([]);
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media: 'video' }));
  await world.done(accepting);
  await world.pass();
  expect(declared(world)).toEqual(['picture']);
});

test('the camera of an audio call is not declared off', async () => {
  const world = await connected();
  const call = await world.incoming({ media: 'video' });
  await world.done(call.camera(false));
  const accepting = call.accept({ media: 'audio' });
  await world.pass();
  world.server.show(established({ media: 'audio' }));
  await world.done(accepting);
  await world.pass();
  expect(declared(world)).toEqual([]);
});

test('toggled fast, one word is on its way and the last position follows', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.silentOn.add('declare');
  for (const on of [true, false, true, false, true, false]) call.mute(on);
  await world.pass();
  expect(declared(world)).toEqual(['picture']);
  world.server.silentOn.delete('declare');
  world.server.answer(world.server.last('declare'));
  await world.pass();
  expect(declared(world)).toEqual(['picture', 'sound+picture']);
});

test('it is said again while the server cannot take it, and given up when it is wanted no more', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.refuse('declare', 'unavailable', { retryAfterMs: 500 });
  call.mute();
  await world.pass(1200);
  expect(declared(world)).toEqual(['picture', 'picture', 'picture']);
  call.mute(false);
  await world.pass(2000);
  expect(declared(world)).toHaveLength(3);
});

test('a refusal for good is taken, and the next view is answered for', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.refuse('declare', 'forbidden');
  call.mute();
  await world.pass(5000);
  expect(declared(world)).toEqual(['picture']);
  world.server.answers.delete('declare');
  world.server.show(established({ media: 'video', version: 6 }));
  await world.pass();
  expect(declared(world)).toEqual(['picture', 'picture']);
});

test('what is switched while signalling is away is declared when it is back', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.isReachable = false;
  world.server.wire.drop();
  await world.pass();
  call.mute();
  await world.pass(5_000);
  expect(declared(world)).toEqual([]);
  world.server.isReachable = true;
  await world.pass(5_000);
  expect(declared(world)).toEqual(['picture']);
});

test('a tab that crashed and lost its notes goes on with the call, as muted as the server knows it', async () => {
  const world = await connected({ notes: null });
  const restored: Call[] = [];
  world.client.on('restored', (call) => restored.push(call));
  world.server.show(established({ media: 'video', epoch: 2, muted: true, cameraOff: true }));
  await world.pass(1000);
  expect(restored).toMatchObject([{ state: 'established', muted: true, cameraOn: false }]);
  expect(world.media.openCameras).toEqual([]);
  expect(declared(world)).toEqual([]);
  restored[0]!.mute(false);
  await world.pass();
  expect(declared(world)).toEqual(['sound']);
});

test('a tab that crashed and lost its notes lets go of the call that ended meanwhile', async () => {
  const world = await connected({ notes: null });
  world.server.show(ended({ reason: 'connection-lost' }));
  await world.pass();
  expect(world.client.calls).toEqual([]);
  expect(world.media.openMicrophones).toEqual([]);
});

test('a page loaded anew keeps its mute and says so only when the server does not know', async () => {
  let kept: string | null = null;
  const notes: Notes = { read: () => kept, write: (text) => (kept = text) };
  const before = await connected({ notes });
  (await inCall(before)).mute();
  await before.pass();
  const knowing = await connected({ notes });
  knowing.server.show(established({ media: 'video', version: 7, epoch: 2, muted: true }));
  await knowing.pass(500);
  expect(knowing.client.getCall(INCOMING)?.muted).toBe(true);
  expect(declared(knowing)).toEqual([]);
  const forgetful = await connected({ notes });
  forgetful.server.show(established({ media: 'video', version: 7, epoch: 2 }));
  await forgetful.pass(500);
  expect(declared(forgetful)).toEqual(['picture']);
});

test('nothing is declared of a call that is over', async () => {
  const world = await connected();
  const call = await inCall(world);
  world.server.show(ended({ media: 'video' }));
  await world.pass();
  call.mute();
  await world.pass();
  expect(declared(world)).toEqual([]);
});

test('what the peer declares is seen, and told as a change', async () => {
  const world = await connected();
  const call = await world.incoming({ media: 'video' });
  expect([call.peerMuted, call.peerCameraOn]).toEqual([false, false]);
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media: 'video' }));
  await world.done(accepting);
  expect([call.peerMuted, call.peerCameraOn]).toEqual([false, true]);
  let changes = 0;
  call.on('stateChanged', () => changes++);
  const off = { peerMuted: true, peerCameraOff: true } as const;
  world.server.show(established({ media: 'video', version: 6, ...off }));
  await world.pass();
  expect([call.peerMuted, call.peerCameraOn, changes]).toEqual([true, false, 1]);
  await world.done(call.end());
  expect([call.peerMuted, call.peerCameraOn]).toEqual([false, false]);
});

test('an audio call shows no camera of the peer', async () => {
  const world = await connected();
  const call = await inCall(world, 'audio');
  expect(call.peerCameraOn).toBe(false);
});

test('a camera that is off stays declared off while a hold has set the picture aside', async () => {
  const world = await connected();
  const call = await inCall(world);
  await world.done(call.camera(false));
  await world.pass();
  world.server.show(established({ media: 'video', version: 6, cameraOff: true }));
  await world.pass();
  const byHold = { videoEnd: { why: 'held' }, held: true } as const;
  world.server.show(established({ version: 7, cameraOff: true, ...byHold }));
  await world.pass();
  expect(declared(world)).toEqual(['sound']);
});

test('a page that lost its notes during a hold opens no camera that was off before, when the picture is back', async () => {
  const world = await connected({ notes: null });
  const byHold = { videoEnd: { why: 'held' }, held: true } as const;
  world.server.show(established({ version: 7, epoch: 2, cameraOff: true, ...byHold }));
  await world.pass(1000);
  expect(declared(world)).toEqual([]);
  world.server.show(established({ version: 8, epoch: 2, cameraOff: true, media: 'video' }));
  await world.pass(1000);
  expect(world.media.openCameras).toEqual([]);
});

test('a camera that is off stays declared off while its picture is asked for again, after a long hold', async () => {
  const world = await connected();
  const call = await inCall(world);
  await world.done(call.camera(false));
  await world.pass();
  const asked = { videoRequest: { by: 'self', remainingMs: 30_000 } } as const;
  world.server.show(established({ version: 6, cameraOff: true, ...asked }));
  await world.pass();
  expect(declared(world)).toEqual(['sound']);
});
