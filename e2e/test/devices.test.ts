import { describe, expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import type { Scene } from '../src/scene.ts';

const CONNECTED = { state: 'established', connection: 'connected' } as const;

async function talking(scene: Scene, media: 'audio' | 'video' = 'audio'): Promise<Device[]> {
  const [alice, bob] = await scene.devices('alice', 'bob');
  expect(await alice.call(bob, { media })).toBe('done');
  await bob.sees({ direction: 'incoming' });
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  return [alice, bob];
}

async function hangUp(one: Device, other: Device): Promise<void> {
  expect(await one.end()).toBe('done');
  await other.sees({ state: 'ended' });
  for (const device of [one, other]) {
    await eventually(async () => (await device.devicesUsed()).live).toEqual([]);
  }
}

async function sentFrom(device: Device): Promise<readonly string[]> {
  return (await device.devicesUsed()).sentFrom;
}

async function idOf(device: Device, label: string): Promise<string> {
  return (await device.listed()).find((each) => each.label === label)?.id ?? 'none';
}

describe('where every page gets what it asks for', () => {
  const scene = useScene();

  test('another microphone and camera take over in a call, and the peer goes on hearing and seeing', async () => {
    const [alice, bob] = (await talking(scene, 'video')) as [Device, Device];
    expect((await sentFrom(alice)).toSorted()).toEqual([
      'Fake Default Audio Input',
      'fake_device_0',
    ]);
    const microphone = await idOf(alice, 'Fake Audio Input 2');
    const camera = await idOf(alice, 'fake_device_1');
    expect(await alice.choose({ microphone, camera })).toBe('done');
    expect((await sentFrom(alice)).toSorted()).toEqual(['Fake Audio Input 2', 'fake_device_1']);
    await expectFlow(bob.page, 'audio');
    // Chromium shows the second fake camera in a page, and sends none of its pictures.
    expect(await alice.choose({ camera: await idOf(alice, 'fake_device_0') })).toBe('done');
    await expectFlow(bob.page, 'both');
    expect(await alice.choose({ microphone: 'nothing of that name' })).toBe('no-device');
    await hangUp(alice, bob);
  });

  test('another speaker is taken by what plays', async () => {
    const [alice, bob] = (await talking(scene)) as [Device, Device];
    const speaker = await idOf(bob, 'Fake Audio Output 2');
    expect(await bob.choose({ speaker })).toBe('done');
    const sink = () =>
      bob.page.evaluate(() => document.querySelector<HTMLVideoElement>('#remote')?.sinkId);
    await eventually(sink).toBe(speaker);
    await hangUp(alice, bob);
  });

  test('a microphone that is lost in a call is replaced, and the peer goes on hearing', async () => {
    const [alice, bob] = (await talking(scene)) as [Device, Device];
    expect(await alice.choose({ microphone: await idOf(alice, 'Fake Audio Input 2') })).toBe(
      'done',
    );
    await alice.unplug('Fake Audio Input 2');
    await eventually(() => sentFrom(alice)).toEqual(['Fake Default Audio Input']);
    await eventually(() => alice.replaced()).toEqual([
      'Fake Audio Input 2 -> Fake Default Audio Input',
    ]);
    await expectFlow(bob.page, 'audio');
    await bob.sees({ peerMuted: false });
    await hangUp(alice, bob);
  });

  test('the peer sees mute and camera off, also after a reload of the one who did it', async () => {
    const [alice, bob] = (await talking(scene, 'video')) as [Device, Device];
    await bob.sees({ peerMuted: false, peerCameraOn: true });
    await alice.mute(true);
    await bob.sees({ peerMuted: true, peerCameraOn: true });
    await alice.camera(false);
    await bob.sees({ peerMuted: true, peerCameraOn: false });
    await alice.page.reload();
    await alice.connect(await scene.rest.token(alice.user));
    await alice.sees({ ...CONNECTED, restored: true, muted: true, cameraOn: false });
    await bob.sees({ ...CONNECTED, peerMuted: true, peerCameraOn: false });
    await alice.mute(false);
    expect(await alice.camera(true)).toBe('done');
    await bob.sees({ peerMuted: false, peerCameraOn: true });
    expect(await bob.seen()).toMatchObject(CONNECTED);
    await hangUp(bob, alice);
  });
});

describe('where permissions count', () => {
  const scene = useScene({ askUser: true });

  test('a denied microphone on accept leaves the call ringing, and it is answered once allowed', async () => {
    const [alice, bob] = await scene.devices('alice', 'bob');
    await bob.context.clearPermissions();
    await alice.call(bob);
    await bob.sees({ direction: 'incoming' });
    expect(await bob.accept()).toBe('microphone-denied');
    await bob.sees({ state: 'ringing' });
    await alice.sees({ state: 'ringing' });
    await bob.context.grantPermissions(['microphone']);
    expect(await bob.access('microphone')).toBe('granted');
    expect(await bob.accept()).toBe('done');
    await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
    await hangUp(alice, bob);
  });

  test('a permission taken back in a call silences it and is shown, and a choice brings sound back', async () => {
    const [alice, bob] = (await talking(scene)) as [Device, Device];
    await expectFlow(bob.page, 'audio');
    // Chromium itself ends the tracks of a page that has lost its permission.
    await alice.context.clearPermissions();
    await bob.sees({ ...CONNECTED, peerMuted: true });
    await eventually(() => alice.replaced()).toEqual(['Fake Default Audio Input -> none']);
    await alice.context.grantPermissions(['microphone']);
    expect(await alice.choose({ microphone: await idOf(alice, 'Fake Audio Input 1') })).toBe(
      'done',
    );
    await bob.sees({ peerMuted: false });
    await expectFlow(bob.page, 'audio');
    await hangUp(alice, bob);
  });
});

describe('where no page plays sound before it is touched', () => {
  const scene = useScene({
    untouched: true,
    // Chromium's usual policy lets a page play while its microphone is open; this one does not.
    flags: ['--autoplay-policy=user-gesture-required'],
  });

  test('the call needs a gesture, and a click anywhere makes it audible', async () => {
    const [alice, bob] = (await talking(scene)) as [Device, Device];
    await bob.sees({ needsGesture: true });
    expect(await bob.play()).toBe('autoplay-blocked');
    await bob.page.mouse.click(200, 200);
    await bob.sees({ needsGesture: false });
    const isPlaying = () =>
      bob.page.evaluate(() => !document.querySelector<HTMLVideoElement>('#remote')?.paused);
    await eventually(isPlaying).toBe(true);
    await expectFlow(bob.page, 'audio');
    await hangUp(alice, bob);
  });
});
