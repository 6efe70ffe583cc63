import { expect, test } from 'vitest';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

/** A sample is taken every three seconds, and one in which the machine stood still is no good one. */
const RATED_WITHIN_MS = 120_000;
/** Within this machine a packet goes there and back in a millisecond, and waits for the two pages to have their turn. */
const NEAR_MS = 250;

test('a call on a good path is rated over 4 on both sides, and its record keeps it', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'audio' });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  for (const { page } of [alice, bob]) {
    const quality = () => page.evaluate(() => window.device.quality());
    const rated = async () => {
      const { mos = 0, rttMs = Infinity, ...found } = (await quality()) ?? {};
      return { ...found, isOver4: mos > 4, isNear: rttMs < NEAR_MS };
    };
    const good = { level: 'good', relayed: false, isOver4: true, isNear: true };
    await eventually(rated, RATED_WITHIN_MS).toMatchObject(good);
  }
  await alice.end();
  await bob.sees({ state: 'ended' });
  const kept = { mos: expect.any(Number), relayed: false };
  await eventually(() => scene.rest.quality(bob.user)).toMatchObject(
    [alice.user, bob.user].toSorted().map((user) => ({ user, ...kept })),
  );
});
