import type { FakeStream } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { FarDevice } from './support/far-device.ts';
import { playing } from './support/playing.ts';
import { established } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected, eventsOf } from './support/world.ts';

/** Which camera an element shows. */
function camera(element: { srcObject: unknown }): string | undefined {
  const stream = element.srcObject as FakeStream | null;
  return stream?.getVideoTracks().find(({ readyState }) => readyState === 'live')?.hardware
    ?.deviceId;
}

function openCameras({ alice1 }: World): number {
  // Not the camera itself, its clones.
  return Math.max(0, alice1.tracks.filter(({ kind }) => kind === 'video').length - 1);
}

async function answer(world: World, call: Call, media: 'audio' | 'video'): Promise<void> {
  const accepting = call.accept({ media });
  await world.pass();
  world.server.show(established({ media }));
  await world.done(accepting);
}

describe('elements', () => {
  test('a picture fills its element as it is asked to, and another element otherwise', async () => {
    const world = await connected();
    const { call } = await playing(world, 'video');
    const [one, other] = [world.alice1.createPlayer(), world.alice1.createPlayer()];
    call.attach({ local: { element: one, fit: 'crop' }, remote: { element: other, fit: 'fit' } });
    expect([one.style.objectFit, other.style.objectFit]).toEqual(['cover', 'contain']);
    call.attach({ remote: { element: one, fit: 'stretch' }, local: other });
    expect([one.style.objectFit, other.style.objectFit]).toEqual(['fill', 'contain']);
  });

  test('attached after the end show nothing', async () => {
    const world = await connected();
    const { call } = await playing(world, 'video');
    await world.done(call.end());
    const [remote, preview] = [world.alice1.createPlayer(), world.alice1.createPlayer()];
    call.attach({ remote, preview });
    await world.pass();
    expect([remote.srcObject, preview.srcObject]).toEqual([null, null]);
    expect(world.alice1.tracks).toEqual([]);
  });
});

describe('a preview', () => {
  test('shows the camera while it rings, which is not opened again to answer', async () => {
    const world = await connected();
    const call = await world.incoming({ media: 'video' });
    expect(world.alice1.tracks).toEqual([]);
    const preview = world.alice1.createPlayer();
    call.attach({ preview });
    await world.pass();
    expect([camera(preview), preview.muted]).toEqual(['cam-1', true]);
    let asked = 0;
    const open = world.alice1.getUserMedia.bind(world.alice1);
    world.alice1.getUserMedia = (wanted) => {
      if (wanted.video !== false) asked++;
      return open(wanted);
    };
    await answer(world, call, 'video');
    expect([asked, camera(preview), openCameras(world)]).toEqual([0, 'cam-1', 2]);
    call.attach({ preview: null });
    expect([preview.srcObject, openCameras(world)]).toEqual([null, 1]);
    await world.done(call.end());
    expect(world.alice1.tracks).toEqual([]);
  });

  test('ends with the call, with the camera off, and when it is answered without a picture', async () => {
    const world = await connected();
    const preview = world.alice1.createPlayer();
    const call = await world.incoming({ media: 'video' });
    call.attach({ preview });
    await world.pass();
    await world.done(call.camera(false));
    expect([preview.srcObject, world.alice1.tracks]).toEqual([null, []]);
    await world.done(call.camera());
    await world.pass();
    expect(camera(preview)).toBe('cam-1');
    await answer(world, call, 'audio');
    expect([preview.srcObject, world.media.openCameras]).toEqual([null, []]);
  });

  test('follows the choice and moves between elements', async () => {
    const world = await connected();
    const usb = { kind: 'videoinput', deviceId: 'cam-2', label: 'Webcam', groupId: 'usb' } as const;
    world.alice1.plug(usb);
    const [one, other] = [world.alice1.createPlayer(), world.alice1.createPlayer()];
    await world.done(world.client.devices.preview(one));
    await world.done(world.client.devices.choose({ camera: 'cam-2' }));
    expect(camera(one)).toBe('cam-2');
    await world.done(world.client.devices.preview({ element: other, fit: 'crop' }));
    expect([camera(one), camera(other)]).toEqual([undefined, 'cam-2']);
    await world.done(world.client.devices.preview(null));
    expect(world.alice1.tracks).toEqual([]);
  });

  test('that cannot be shown rejects, and in a call is told as a problem', async () => {
    const world = await connected();
    world.alice1.camera = 'denied';
    const preview = world.alice1.createPlayer();
    expect(await world.done(codeOf(world.client.devices.preview(preview)))).toBe('camera-denied');
    const call = await world.incoming({ media: 'video' });
    const events = eventsOf(call);
    call.attach({ preview });
    await world.pass();
    expect(events).toEqual(['problem camera-denied']);
    expect(call.state).toBe('inviting');
  });

  test('taken away while the camera opens closes it', async () => {
    const world = await connected();
    const call = await world.incoming({ media: 'video' });
    const preview = world.alice1.createPlayer();
    call.attach({ preview });
    call.attach({ preview: null });
    await world.pass(500);
    expect([preview.srcObject, world.alice1.tracks]).toEqual([null, []]);
  });

  test('of an audio call opens nothing', async () => {
    const world = await connected();
    const call = await world.incoming();
    call.attach({ preview: world.alice1.createPlayer() });
    await world.pass();
    expect(world.alice1.tracks).toEqual([]);
  });
});

describe('a browser that holds back the sound', () => {
  async function heldBack(): Promise<{ world: World; call: Call; told: string[] }> {
    const world = await connected();
    world.alice1.isAutoplayBlocked = true;
    const call = await world.incoming();
    const told: string[] = [];
    call.on('needsGesture', () => told.push('needed'));
    call.on('stateChanged', () => {
      if (told.at(-1) === 'needed' && !call.needsGesture) told.push('gone');
    });
    await answer(world, call, 'audio');
    await new FarDevice(world).call();
    await world.pass(1000);
    return { world, call, told };
  }

  test('is told once, and play() from a click ends it', async () => {
    const { world, call, told } = await heldBack();
    expect([call.needsGesture, told]).toEqual([true, ['needed']]);
    expect(await world.done(codeOf(call.play()))).toBe('autoplay-blocked');
    world.alice1.isAutoplayBlocked = false;
    await world.done(call.play());
    expect([call.needsGesture, told]).toEqual([false, ['needed', 'gone']]);
    expect(world.alice1.players[0]?.paused).toBe(false);
  });

  test('plays at the next gesture anywhere on the page', async () => {
    const { world, call, told } = await heldBack();
    world.alice1.gesture();
    await world.pass();
    expect([call.needsGesture, told]).toEqual([false, ['needed', 'gone']]);
    expect(world.alice1.players[0]?.paused).toBe(false);
  });

  test('plays in an element that may sound', async () => {
    const { world, call } = await heldBack();
    const remote = world.alice1.createPlayer();
    remote.muted = true;
    call.attach({ remote });
    await world.pass();
    expect(call.needsGesture).toBe(false);
  });

  test('asks for nothing any more when the call is over', async () => {
    const { world, call, told } = await heldBack();
    await world.done(call.end());
    expect([call.needsGesture, told]).toEqual([false, ['needed', 'gone']]);
  });
});
