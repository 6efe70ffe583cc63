import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually, expectFlow, receivedBy } from '../src/device.ts';
import { hasNamespaces } from '../src/net/namespace.ts';
import { useScene } from '../src/scene.ts';

/** A loss of media is seen within some seconds, and of signalling within two pings of 5 s; the machine is busy. */
const SWITCH_MS = 60_000;

/** Waits until a page goes on playing and receives no sound: for a moment, for it may be back soon. */
async function expectGap(page: Page): Promise<void> {
  let before = await receivedBy(page);
  await eventually(async () => {
    const now = await receivedBy(page);
    if (now.audioSeconds < before.audioSeconds + 0.3) return 'not yet known';
    const hears = now.audioEnergy > before.audioEnergy + 0.0001;
    before = now;
    return hears ? 'still received' : 'none';
  }).toBe('none');
}

describe.runIf(hasNamespaces)('on networks that change in a call', () => {
  const scene = useScene({ internet: true });

  async function connectedHomes() {
    const [office, street] = await Promise.all([
      scene.home('office'),
      scene.home('street', { lines: ['wlan0', 'wwan0'] }),
    ]);
    const [alice, bob] = await Promise.all([
      scene.deviceIn(office, 'alice'),
      scene.deviceIn(street, 'bob'),
    ]);
    await alice.call(bob);
    await bob.sees({ direction: 'incoming' });
    await bob.accept();
    await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
    await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
    return { alice, bob, lines: street.lines };
  }

  test('network interface switched in a call: audio back', async () => {
    const {
      alice,
      bob,
      lines: [wifi, mobile],
    } = await connectedHomes();
    const before = performance.now();
    await wifi?.down();
    await mobile?.up();
    await Promise.all([expectGap(alice.page), expectGap(bob.page)]);
    await Promise.all([
      expectFlow(alice.page, 'audio', SWITCH_MS),
      expectFlow(bob.page, 'audio', SWITCH_MS),
    ]);
    const seconds = (performance.now() - before) / 1000;
    console.log(`network interface switched: audio back both ways after ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(SWITCH_MS / 1000);
    await Promise.all(
      [alice, bob].map((device) => device.sees({ connection: 'connected' }, SWITCH_MS)),
    );
    await alice.end();
    await bob.sees({ state: 'ended', endReason: 'completed' }, SWITCH_MS);
  });
});
