import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { CONNECTED, bothFlow, endBy, nothingFlows, talking } from '../src/talking.ts';

const scene = useScene();

/** How many packets of sound a page receives in a second, over three or, where it is busy, more. */
async function packetsPerSecond({ page }: Device): Promise<number> {
  return page.evaluate(async () => {
    const [{ audioPackets }, since] = [await window.probe.received(), performance.now()];
    await new Promise((resolve) => void setTimeout(resolve, 3_000));
    const more = (await window.probe.received()).audioPackets - audioPackets;
    return (more * 1000) / (performance.now() - since);
  });
}

test(
  'held, neither side receives a voice; resumed, both hear each other again',
  { tags: ['telling'] },
  async () => {
    const [alice, bob] = await talking(scene);
    expect(await alice.hold()).toBe('done');
    await alice.sees({ localHold: true, remoteHold: false, state: 'established' });
    await bob.sees({ localHold: false, remoteHold: true, state: 'established' });
    await nothingFlows([alice, bob]);
    expect(await bob.played('remote')).toMatchObject({ tracks: ['audio'], enabled: [] });
    expect(await alice.played('remote')).toMatchObject({ tracks: ['audio'], enabled: [] });
    // Only the silence of DTX: about five packets a second, where speech has fifty, and more where a busy machine was late.
    await Promise.all(
      [alice, bob].map((device) => eventually(() => packetsPerSecond(device)).toBeLessThan(8)),
    );
    expect(await alice.resume()).toBe('done');
    await bob.sees({ remoteHold: false, resuming: false });
    await bothFlow([alice, bob]);
    await eventually(() => bob.played('remote')).toMatchObject({ enabled: ['audio'] });
    await endBy(alice, bob);
  },
);

test('a held video call shows nobody, no camera is open, and the picture returns unasked', async () => {
  const [alice, bob] = await talking(scene, 'video');
  expect(await alice.hold()).toBe('done');
  await bob.sees({ media: 'audio', remoteHold: true, videoEnd: 'held by peer' });
  await nothingFlows([alice, bob]);
  for (const device of [alice, bob]) {
    await eventually(async () => (await device.devicesUsed()).live).not.toContain('video');
    await eventually(() => device.played('remote')).toMatchObject({
      tracks: ['audio'],
      isMoving: false,
    });
  }
  expect(await alice.resume()).toBe('done');
  await Promise.all([alice, bob].map((device) => device.sees({ media: 'video' })));
  await bothFlow([alice, bob], 'video');
  for (const device of [alice, bob]) {
    await eventually(() => device.played('remote')).toMatchObject({ isMoving: true });
    expect((await device.events())[(await device.seen())?.id ?? '']).not.toContain(
      'videoRequested',
    );
  }
  await endBy(bob, alice);
});

test('the held page is loaded anew: silent as before, then resumed', async () => {
  const [alice, bob] = await talking(scene, 'video');
  await alice.hold();
  await bob.sees({ remoteHold: true });
  await bob.page.reload();
  await bob.connect(await scene.rest.token(bob.user));
  await bob.sees({ restored: true, remoteHold: true, media: 'audio' });
  await alice.sees(CONNECTED);
  await nothingFlows([alice, bob]);
  expect((await bob.devicesUsed()).live).not.toContain('video');
  expect(await alice.resume()).toBe('done');
  await bothFlow([alice, bob], 'video');
  await endBy(bob, alice);
});
