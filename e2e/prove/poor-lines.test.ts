import { describe, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { hasNamespaces } from '../src/net/namespace.ts';
import { useScene } from '../src/scene.ts';

/** Three samples of three seconds are poor before a step is taken; those in which a busy machine stood still do not count. */
const STEP_MS = 120_000;

/** A browser finds out by trying how much a line carries: mostly within ten seconds, at times it tries again. */
const ADAPT_MS = 120_000;

/** A fifth of what the picture would use. */
const NARROW_KBPS = 250;

function qualityAt({ page }: Device) {
  return page.evaluate(() => window.device.quality());
}

function encodingAt({ page }: Device) {
  return page.evaluate(() => window.probe.videoEncoding());
}

describe.runIf(hasNamespaces)('on lines that are poor', () => {
  const scene = useScene({ internet: true });

  async function onVideo(kbps?: number) {
    const state = kbps === undefined ? {} : { kbps };
    const [office, street] = await Promise.all([
      scene.home('office'),
      scene.home('street', { state }),
    ]);
    const [alice, bob] = await Promise.all([
      scene.deviceIn(office, 'alice'),
      scene.deviceIn(street, 'bob'),
    ]);
    await alice.call(bob, { media: 'video' });
    await bob.sees({ direction: 'incoming' });
    await bob.accept();
    await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
    const [line] = street.lines;
    if (line === undefined) throw new Error('A home without a line.');
    return { alice, bob, line };
  }

  test('many packets are lost: the call is rated poor, and pictures give way to the sound', async () => {
    const { alice, bob, line } = await onVideo();
    await eventually(async () => (await qualityAt(bob))?.level, STEP_MS).toMatch(/good|fair/);
    await line.become({ lossRatio: 0.3 });
    await eventually(() => qualityAt(bob), STEP_MS).toMatchObject({ level: 'poor' });
    await bob.sees({ videoLimit: 'bitrate' }, STEP_MS);
    await eventually(() => encodingAt(bob)).toMatchObject({ active: true, maxBitrate: 600_000 });
    await expectFlow(alice.page, 'audio');
    await line.become({});
    await alice.end();
    await bob.sees({ state: 'ended' });
  });

  test(
    'a line too narrow for the picture: it is sent with less, and the sound comes whole',
    async () => {
      const { alice, bob } = await onVideo(NARROW_KBPS);
      await expectFlow(bob.page, 'both', STEP_MS);
      await eventually(async () => (await qualityAt(bob))?.lossRatio, ADAPT_MS).toBe(0);
      await expectFlow(bob.page, 'both');
      await alice.end();
      await bob.sees({ state: 'ended' });
    },
    3 * ADAPT_MS,
  );
});
