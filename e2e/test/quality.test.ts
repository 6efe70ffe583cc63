import { expect, test } from 'vitest';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

test('a call on a good path is rated over 4 on both sides, and its record keeps it', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'audio' });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  for (const { page } of [alice, bob]) {
    const quality = () => page.evaluate(() => window.device.quality());
    await eventually(quality, 15_000).toMatchObject({ level: 'good', relayed: false });
    expect((await quality())?.mos).toBeGreaterThan(4);
    expect((await quality())?.rttMs).toBeLessThan(50);
  }
  await alice.end();
  await bob.sees({ state: 'ended' });
  const kept = { mos: expect.any(Number), relayed: false };
  await eventually(() => scene.rest.quality(bob.user)).toMatchObject(
    [alice.user, bob.user].toSorted().map((user) => ({ user, ...kept })),
  );
});
