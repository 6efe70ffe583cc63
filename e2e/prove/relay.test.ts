import { describe, expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { hasCoturn } from '../src/turn-server.ts';

/** Twice the shortest that the server gives: the SDK renews after half of it, and a busy machine has begun a call by then. */
const TTL_SECONDS = 20;
/** ICE sees a dead path within some seconds. */
const REPAIR_MS = 120_000;

const pathOf = (device: Device) => device.page.evaluate(() => window.probe.path());
const shownTo = (device: Device) => device.page.evaluate(() => window.probe.addressesSeen());

describe.runIf(hasCoturn)('over the relay alone', () => {
  const scene = useScene({
    turn: true,
    settings: { ICE_POLICY: 'relay', TURN_TTL_SECONDS: String(TTL_SECONDS) },
  });

  async function connectedPair(): Promise<[Device, Device]> {
    const [alice, bob] = await scene.devices('alice', 'bob');
    await alice.call(bob, { media: 'video' });
    await bob.sees({ direction: 'incoming' });
    expect(await bob.accept()).toBe('done');
    await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
    return [alice, bob];
  }

  test('a whole call with credentials of the server, and neither side learns an address', async () => {
    const before = scene.turn.allocations;
    const [alice, bob] = await connectedPair();
    await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
    for (const device of [alice, bob]) {
      await eventually(() => pathOf(device)).toBe('relay');
      await eventually(() => shownTo(device)).toEqual(['relay']);
    }
    await eventually(() => scene.turn.allocations).toBeGreaterThanOrEqual(before + 2);
    await alice.end();
    await bob.sees({ state: 'ended', endReason: 'completed' });
  });

  test('the credential expires in the call: it goes on, and with renewed ones survives the relay’s restart', async () => {
    const [alice, bob] = await connectedPair();
    await expectFlow(bob.page, 'audio');
    await new Promise((resolve) => setTimeout(resolve, (TTL_SECONDS + 1) * 1000));
    await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
    const before = scene.turn.allocations;
    await scene.turn.restart();
    // The silence may be too short to be seen: what tells it is that both sides relay anew.
    await eventually(() => scene.turn.allocations, REPAIR_MS).toBeGreaterThanOrEqual(before + 2);
    await Promise.all([alice, bob].map(({ page }) => expectFlow(page, 'audio', REPAIR_MS)));
    await eventually(() => pathOf(alice)).toBe('relay');
    await bob.end();
    await alice.sees({ state: 'ended', endReason: 'completed' });
  });
});
