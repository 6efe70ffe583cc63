import { expect } from 'vitest';
import type { Device } from './device.ts';
import { eventually, expectFlow, expectNoMore } from './device.ts';
import type { Scene } from './scene.ts';

/** How a call stands that two devices are in. */
export const CONNECTED = { state: 'established', connection: 'connected' } as const;

/** Two users, Alice and Bob if it is not said, hear, and in a video call see, each other. */
export async function talking(
  scene: Scene,
  media: 'audio' | 'video' = 'audio',
  names: readonly [string, string] = ['alice', 'bob'],
): Promise<[Device, Device]> {
  const [alice, bob] = await scene.devices(...names);
  await alice.call(bob, { media });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  await bothFlow([alice, bob], media);
  return [alice, bob];
}

/** Waits until both receive what they should. */
export async function bothFlow(
  pair: readonly Device[],
  media: 'audio' | 'video' = 'audio',
): Promise<void> {
  const kind = media === 'video' ? 'both' : 'audio';
  await Promise.all(pair.map(({ page }) => expectFlow(page, kind)));
}

/** Both receive neither sound nor pictures. */
export async function nothingFlows(pair: readonly Device[]): Promise<void> {
  await Promise.all(pair.map(({ page }) => expectNoMore(page, 'sound', 'pictures')));
}

/** Waits until both see each other and themselves. */
export async function bothSee(pair: readonly Device[]): Promise<void> {
  await Promise.all(pair.map((device) => device.sees({ media: 'video' })));
  await bothFlow(pair, 'video');
  for (const device of pair) {
    await eventually(() => device.played('remote')).toMatchObject({ isMoving: true });
    await eventually(() => device.played('local')).toMatchObject({ isMoving: true });
  }
}

/** Waits until both hear each other, nobody is seen and no camera is open. */
export async function nobodySees(pair: readonly Device[]): Promise<void> {
  await Promise.all(pair.map((device) => device.sees({ media: 'audio' })));
  for (const device of pair) {
    await eventually(async () => (await device.devicesUsed()).live).not.toContain('video');
    await eventually(() => device.played('remote')).toEqual({
      tracks: ['audio'],
      enabled: ['audio'],
      isMoving: false,
    });
  }
  await bothFlow(pair);
}

/** One ends the call: both know, every light is out, and nothing sounds. */
export async function endBy(one: Device, other: Device): Promise<void> {
  expect(await one.end()).toBe('done');
  await other.sees({ state: 'ended', endReason: 'completed' });
  for (const device of [one, other]) {
    await eventually(async () => (await device.devicesUsed()).live).toEqual([]);
    await eventually(() => device.hearsTone()).toBe(false);
  }
}
