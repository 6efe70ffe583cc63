import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectNoMore } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { CONNECTED } from '../src/talking.ts';

const scene = useScene();

const ALICE_HZ = 660;
const CAROL_HZ = 990;
const SWAPS = 10;
/** The width of an analyser's bin, and a little. */
const NEAR_HZ = 8;

const isNear = (hertz: number) => (found: number) => Math.abs(found - hertz) <= NEAR_HZ;

/** Waits until the device hears this voice, and then does not hear the other one for half a second. */
async function hearsOnly(device: Device, hertz: number): Promise<void> {
  const other = hertz === ALICE_HZ ? CAROL_HZ : ALICE_HZ;
  await eventually(async () => (await device.pitches('calls', 200)).some(isNear(hertz))).toBe(true);
  const heard: number[] = [];
  // A page that is kept from looking hears nothing for so long.
  await eventually(async () => {
    heard.push(...(await device.pitches('calls', 500)));
    return heard.some(isNear(hertz));
  }).toBe(true);
  expect(heard.some(isNear(other))).toBe(false);
}

test('swapped ten times between two calls, the right voice is heard each time and never both, and nothing by the side that is held', async () => {
  scene.calls = 2;
  const [alice, carol] = await Promise.all([
    scene.deviceSounding(ALICE_HZ, 'alice'),
    scene.deviceSounding(CAROL_HZ, 'carol'),
  ]);
  const [bob] = await scene.devicesThat({ callWaiting: true }, 'bob');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await bob.sees(CONNECTED);
  await hearsOnly(bob, ALICE_HZ);
  await carol.call(bob);
  await bob.sees({ state: 'ringing' });
  await bob.accept();
  await bob.sees(CONNECTED);
  await hearsOnly(bob, CAROL_HZ);
  for (let i = 0; i < SWAPS; i++) {
    const [to, from, hertz] = i % 2 === 0 ? [alice, carol, ALICE_HZ] : [carol, alice, CAROL_HZ];
    await bob.turnTo(to);
    expect(await bob.swap()).toBe('done');
    await from.sees({ remoteHold: true });
    await Promise.all([hearsOnly(bob, hertz), expectNoMore(from.page, 'sound')]);
    await eventually(() => from.voice()).toBe('hold');
    await eventually(() => to.voice()).toBeUndefined();
  }
  await alice.end();
  await carol.end();
  await carol.sees({ state: 'ended' });
}, 300_000);
