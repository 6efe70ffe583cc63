import { describe, expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { hasNamespaces } from '../src/net/namespace.ts';
import { useScene } from '../src/scene.ts';

/** A loss of media is seen within some seconds, and of signalling within two pings of 5 s; the machine is busy. */
const SWITCH_MS = 120_000;

/** The address of a device's own that its call uses. */
const addressOf = ({ page }: Device) => page.evaluate(() => window.probe.ownAddress());

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
    await eventually(() => addressOf(bob)).toBe(wifi?.address);
    const before = performance.now();
    await wifi?.down();
    await mobile?.up();
    // How long nothing is heard meanwhile is too short to be seen on a busy machine: the way is another.
    await eventually(() => addressOf(bob), SWITCH_MS).toBe(mobile?.address);
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
