import { describe, expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import type { Scene } from '../src/scene.ts';
import { hasCoturn } from '../src/turn-server.ts';

/** Twice the shortest that the server takes: devices renew at half of it, and a busy machine has begun a call by then. */
const TTL_SECONDS = 20;
const TTL_MS = TTL_SECONDS * 1000;

const pathOf = (device: Device) => device.page.evaluate(() => window.probe.path());

async function connectedPair(scene: Scene): Promise<[Device, Device]> {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
  await hearEachOther(alice, bob);
  return [alice, bob];
}

async function hearEachOther(...devices: readonly Device[]): Promise<void> {
  await Promise.all(devices.map((device) => expectFlow(device.page, 'audio')));
}

describe.skipIf(!hasCoturn)('over the relay only', () => {
  const settings = { ICE_POLICY: 'relay', TURN_TTL_SECONDS: String(TTL_SECONDS) };
  const scene = useScene({ turn: true, settings });

  test('sound goes over coturn, and no side shows an address of its own', async () => {
    const [alice, bob] = await connectedPair(scene);
    const shown = (device: Device) => device.page.evaluate(() => window.probe.addressesSeen());
    for (const device of [alice, bob]) {
      await eventually(() => pathOf(device)).toBe('relay');
      await eventually(() => shown(device)).toEqual(['relay']);
    }
    expect(await alice.end()).toBe('done');
    await bob.sees({ state: 'ended', endReason: 'completed' });
  });

  test('after the credential of the beginning has expired the call goes on, and new paths are found', async () => {
    const [alice, bob] = await connectedPair(scene);
    await alice.page.waitForTimeout(TTL_MS + 1000);
    await hearEachOther(alice, bob);
    const before = scene.turn.allocations;
    await bob.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await eventually(() => scene.turn.allocations).toBeGreaterThan(before);
    await hearEachOther(alice, bob);
    await eventually(() => pathOf(bob)).toBe('relay');
    await alice.sees({ connection: 'connected' });
    expect(await bob.end()).toBe('done');
    await alice.sees({ state: 'ended', endReason: 'completed' });
  });

  test('the server is killed and restarted: sound goes on over the relay, and new paths are found', async () => {
    const [alice, bob] = await connectedPair(scene);
    await scene.server.kill();
    await eventually(() => alice.connection()).toBe('reconnecting');
    await hearEachOther(alice, bob);
    await scene.server.restart();
    await eventually(() => alice.connection()).toBe('connected');
    await eventually(() => bob.connection()).toBe('connected');
    const before = scene.turn.allocations;
    await alice.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await eventually(() => scene.turn.allocations).toBeGreaterThan(before);
    await hearEachOther(alice, bob);
    await eventually(() => pathOf(alice)).toBe('relay');
    expect(await alice.end()).toBe('done');
    await bob.sees({ state: 'ended', endReason: 'completed' });
  });

  test.each(['caller', 'callee'] as const)(
    'the page of the %s is loaded anew: sound is back',
    async (who) => {
      const [alice, bob] = await connectedPair(scene);
      const reloaded = who === 'caller' ? alice : bob;
      const token = await scene.rest.token(reloaded.user);
      const before = performance.now();
      await reloaded.page.reload();
      await reloaded.connect(token);
      await eventually(() => reloaded.seen()).toMatchObject({
        restored: true,
        connection: 'connected',
      });
      const ms = Math.round(performance.now() - before);
      await hearEachOther(alice, bob);
      console.log(`reload of the ${who}, over the relay: media both ways after ${ms} ms`);
      await eventually(() => pathOf(reloaded)).toBe('relay');
      expect(await alice.end()).toBe('done');
      await bob.sees({ state: 'ended', endReason: 'completed' });
    },
  );
});
