import { expect, test } from 'vitest';
import type { Call, ClientOptions } from '../src/index.ts';
import { FarDevice } from './support/far-device.ts';
import { INCOMING, established } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected } from './support/world.ts';

const TALKING = { connectedMs: 0 } as const;
const ASKED_BY_PEER = { videoRequest: { by: 'peer', remainingMs: 30_000 } } as const;
const ASKED_BY_SELF = { videoRequest: { by: 'self', remainingMs: 30_000 } } as const;

/** Alice talks with Bob, without pictures. */
async function talking(options: Partial<ClientOptions> = {}) {
  const world = await connected(options);
  const call = await world.incoming();
  const accepting = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  await new FarDevice(world).call();
  await world.pass(1000);
  world.server.show(established({ ...TALKING, version: 6 }));
  await world.pass();
  return { world, call };
}

/** Whether alice's device sends a picture. */
function sendsPicture({ alice1 }: World): boolean {
  const [connection] = alice1.connections;
  return (
    connection?.getTransceivers().some(({ sender }) => sender.track?.kind === 'video') ?? false
  );
}

function told(call: Call): string[] {
  const names: string[] = [];
  for (const name of ['videoRequested', 'videoRefused', 'videoAdded', 'videoRemoved'] as const) {
    call.on(name, () => names.push(name));
  }
  return names;
}

test('addVideo opens the camera, asks, and sends nothing before both agreed', async () => {
  const { world, call } = await talking();
  const names = told(call);
  const adding = call.addVideo();
  await world.pass();
  expect(world.server.all('request-video')).toHaveLength(1);
  world.server.show(established({ ...TALKING, ...ASKED_BY_SELF, version: 7 }));
  await world.done(adding);
  expect(world.media.openCameras).toEqual(['alice1']);
  expect(sendsPicture(world)).toBe(false);
  world.server.show(established({ ...TALKING, version: 8, media: 'video' }));
  await world.pass();
  expect(sendsPicture(world)).toBe(true);
  expect(names).toEqual(['videoAdded']);
});

test('a camera that is denied asks nobody', async () => {
  const { world, call } = await talking();
  world.alice1.camera = 'denied';
  expect(await codeOf(world.done(call.addVideo()))).toBe('camera-denied');
  expect(world.server.all('request-video')).toEqual([]);
});

test('a request that is refused by the server lets the camera go', async () => {
  const { world, call } = await talking();
  world.server.refuse('request-video', 'on-hold');
  expect(await codeOf(world.done(call.addVideo()))).toBe('on-hold');
  expect(world.media.openCameras).toEqual([]);
});

test('a request that comes to nothing lets the camera go, and says why', async () => {
  const { world, call } = await talking();
  const names = told(call);
  const adding = call.addVideo();
  await world.pass();
  world.server.show(established({ ...TALKING, ...ASKED_BY_SELF, version: 7 }));
  await world.done(adding);
  world.server.show(established({ ...TALKING, version: 8, videoEnd: { why: 'expired' } }));
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
  expect(call.videoEnd).toEqual({ why: 'expired' });
  expect(names).toEqual(['videoRefused']);
});

test('asked, no camera opens before the user has agreed', async () => {
  const { world, call } = await talking();
  const names = told(call);
  world.server.show(established({ ...TALKING, ...ASKED_BY_PEER, version: 7 }));
  await world.pass();
  expect(names).toEqual(['videoRequested']);
  expect(world.media.openCameras).toEqual([]);
  const replying = call.replyVideo(true);
  await world.pass();
  expect(world.server.all('answer-video')).toMatchObject([{ accept: true }]);
  world.server.show(established({ ...TALKING, version: 8, media: 'video' }));
  await world.done(replying);
  expect(sendsPicture(world)).toBe(true);
});

test('a camera that is denied leaves the request, which may be answered again', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, ...ASKED_BY_PEER, version: 7 }));
  await world.pass();
  world.alice1.camera = 'denied';
  expect(await codeOf(world.done(call.replyVideo(true)))).toBe('camera-denied');
  expect(world.server.all('answer-video')).toEqual([]);
  expect(call.videoRequestedBy).toBe('peer');
  await world.done(call.replyVideo(false));
  expect(world.server.all('answer-video')).toMatchObject([{ accept: false }]);
});

test('a device that shows no pictures refuses by itself, and its app is not asked', async () => {
  const { world, call } = await talking({ video: false });
  const names = told(call);
  world.server.show(established({ ...TALKING, ...ASKED_BY_PEER, version: 7 }));
  await world.pass();
  expect(world.server.all('answer-video')).toMatchObject([{ accept: false, unsupported: true }]);
  expect(names).toEqual([]);
  expect(await codeOf(world.done(call.addVideo()))).toBe('video-unavailable');
});

test('removeVideo switches the camera off at once, whenever the server hears of it', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  expect(world.media.openCameras).toEqual(['alice1']);
  world.server.silentOn.add('remove-video');
  void call.removeVideo().catch(() => {});
  await world.pass(0);
  expect(world.media.openCameras).toEqual([]);
  expect(sendsPicture(world)).toBe(false);
  // A view from before the server heard it opens nothing.
  world.server.show(established({ ...TALKING, version: 8, media: 'video', peerMuted: true }));
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
});

test('[CAM1] a removal that the server refuses leaves the camera off', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  // The call is over, and the word of that was lost.
  world.server.refuse('remove-video', 'wrong-state');
  expect(await world.done(codeOf(call.removeVideo()))).toBe('wrong-state');
  world.server.show(established({ ...TALKING, version: 8, media: 'video', peerMuted: true }));
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
  expect([call.cameraOn, sendsPicture(world)]).toEqual([false, false]);
  await world.done(call.camera());
  expect(world.media.openCameras).toEqual(['alice1']);
});

test('a request that is taken back switches the camera off at once', async () => {
  const { world, call } = await talking();
  const adding = call.addVideo();
  await world.pass();
  world.server.show(established({ ...TALKING, ...ASKED_BY_SELF, version: 7 }));
  await world.done(adding);
  world.server.silentOn.add('remove-video');
  void call.removeVideo().catch(() => {});
  await world.pass(0);
  expect(world.media.openCameras).toEqual([]);
});

test('a picture comes back as it was switched: a camera that was off stays off', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  await world.done(call.camera(false));
  world.server.show(established({ ...TALKING, version: 8, cameraOff: true }));
  await world.pass();
  world.server.show(established({ ...TALKING, version: 9, media: 'video', cameraOff: true }));
  await world.pass();
  expect(world.media.openCameras).toEqual([]);
});

test('a camera that opens late, after the picture is over, closes again', async () => {
  const { world, call } = await talking();
  const adding = codeOf(call.addVideo());
  await world.pass(1);
  await world.done(call.end());
  await world.pass(1000);
  expect(world.media.openCameras).toEqual([]);
  expect(await world.done(adding)).toBe('wrong-state');
});

test('a wish for a picture that is taken back while the camera opens asks nobody', async () => {
  const { world, call } = await talking();
  const adding = codeOf(call.addVideo());
  await world.pass(1);
  await world.done(call.removeVideo());
  await world.pass();
  expect(await world.done(adding)).toBe('wrong-state');
  expect(world.server.all('request-video')).toEqual([]);
  expect(world.media.openCameras).toEqual([]);
});

test('an answer that is changed while the camera opens is the last one', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, ...ASKED_BY_PEER, version: 7 }));
  await world.pass();
  const agreeing = codeOf(call.replyVideo(true));
  await world.pass(1);
  await world.done(call.replyVideo(false));
  await world.pass();
  expect(await world.done(agreeing)).toBe('wrong-state');
  expect(world.server.all('answer-video')).toMatchObject([{ accept: false }]);
  expect(world.media.openCameras).toEqual([]);
});

test('a request that is refused leaves a camera off that was off before, when a set aside picture is back', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  await world.done(call.camera(false));
  const byHold = { videoEnd: { why: 'held' }, peerHolds: true, cameraOff: true } as const;
  world.server.show(established({ ...TALKING, version: 8, ...byHold }));
  await world.pass();
  world.server.refuse('request-video', 'on-hold');
  expect(await codeOf(world.done(call.addVideo()))).toBe('on-hold');
  const back = { media: 'video', cameraOff: true } as const;
  world.server.show(established({ ...TALKING, version: 9, ...back }));
  await world.pass();
  expect(call.cameraOn).toBe(false);
  expect(world.media.openCameras).toEqual([]);
});

test('an answer that is changed after it was said stands, and the other is refused', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, ...ASKED_BY_PEER, version: 7 }));
  await world.pass();
  world.server.silentOn.add('answer-video');
  const agreeing = call.replyVideo(true);
  await world.pass();
  const [accept] = world.server.all('answer-video');
  const refusing = codeOf(call.replyVideo(false));
  await world.pass();
  expect(world.media.openCameras).toEqual(['alice1']);
  world.server.answer(accept!);
  world.server.refuse('answer-video', 'wrong-state');
  world.server.answer(world.server.last('answer-video'));
  world.server.show(established({ ...TALKING, version: 8, media: 'video' }));
  await world.done(agreeing);
  expect(await world.done(refusing)).toBe('wrong-state');
});

test('wished for, taken back and wished for again, the picture is asked for once', async () => {
  const { world, call } = await talking();
  const first = codeOf(call.addVideo());
  await world.pass(1);
  void call.removeVideo();
  const second = call.addVideo();
  await world.pass();
  expect(await world.done(first)).toBe('wrong-state');
  world.server.show(established({ ...TALKING, ...ASKED_BY_SELF, version: 7 }));
  await world.done(second);
  expect(world.server.all('request-video')).toHaveLength(1);
  expect(world.media.openCameras).toEqual(['alice1']);
});

test('agreeing to a picture that is on says nothing, and is done', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  await call.replyVideo(true);
  expect(world.server.all('answer-video')).toEqual([]);
});

test('a wish is fulfilled by what was wished for, not by something else that changes', async () => {
  const { world, call } = await talking();
  let isAsked = false;
  const adding = call.addVideo().then(() => (isAsked = true));
  await world.pass();
  world.server.show(established({ ...TALKING, ...ASKED_BY_PEER, version: 7 }));
  await world.pass();
  expect(isAsked).toBe(false);
  world.server.show(established({ ...TALKING, media: 'video', version: 8 }));
  await world.done(adding);
  expect(isAsked).toBe(true);
});

test('a request whose refusal is all that is seen of it was made', async () => {
  const { world, call } = await talking();
  const adding = call.addVideo();
  await world.pass();
  const videoEnd = { why: 'refused', by: 'peer' } as const;
  world.server.show(established({ ...TALKING, version: 8, videoEnd }));
  await world.done(adding);
  expect(call.videoEnd).toEqual(videoEnd);
});

test('removeVideo lasts until the picture is gone: what is added then is asked for', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  let isRemoved = false;
  const again = call
    .removeVideo()
    .then(() => (isRemoved = true))
    .then(() => call.addVideo());
  await world.pass(20_000);
  expect(isRemoved).toBe(false);
  world.server.show(established({ ...TALKING, version: 8, videoEnd: { why: 'removed' } }));
  await world.pass();
  expect(world.server.all('request-video')).toHaveLength(1);
  world.server.show(established({ ...TALKING, ...ASKED_BY_SELF, version: 9 }));
  await world.done(again);
});

test('added while it is being removed, a picture is asked for once it is gone', async () => {
  const { world, call } = await talking();
  world.server.show(established({ ...TALKING, version: 7, media: 'video' }));
  await world.pass();
  void call.removeVideo();
  const adding = call.addVideo();
  await world.pass();
  expect(world.server.all('request-video')).toEqual([]);
  world.server.show(established({ ...TALKING, version: 8, videoEnd: { why: 'removed' } }));
  await world.pass();
  world.server.show(established({ ...TALKING, ...ASKED_BY_SELF, version: 9 }));
  await world.done(adding);
  expect(world.server.all('request-video')).toHaveLength(1);
});

/** Alice's page was loaded anew during a call, and its devices are denied. */
async function restoredDenied(media: 'audio' | 'video', more: { cameraOff?: true } = {}) {
  const world = await connected({ notes: null });
  Object.assign(world.alice1, { microphone: 'denied', camera: 'denied' });
  world.server.show(established({ ...TALKING, media, epoch: 2, version: 7, ...more }));
  await world.pass();
  return { world, call: world.client.getCall(INCOMING)! };
}

test('a page without tracks opens its devices before it asks for a picture', async () => {
  const { world, call } = await restoredDenied('audio');
  expect(await codeOf(world.done(call.addVideo()))).toBe('microphone-denied');
  expect(world.server.all('request-video')).toEqual([]);
  Object.assign(world.alice1, { microphone: 'granted', camera: 'granted' });
  void call.addVideo().catch(() => {});
  await world.pass();
  expect(world.server.all('request-video')).toHaveLength(1);
  expect(world.media.openCameras).toEqual(['alice1']);
  expect(world.media.openMicrophones).toEqual(['alice1']);
});

test('a page that may open no devices any more takes the call back to sound, and says so', async () => {
  const { world } = await restoredDenied('video');
  expect(world.server.all('remove-video')).toMatchObject([{ cameraFailed: true }]);
});

test('a page that may open no devices leaves a picture to which it gave no camera', async () => {
  const { world } = await restoredDenied('video', { cameraOff: true });
  expect(world.server.all('remove-video')).toEqual([]);
});
