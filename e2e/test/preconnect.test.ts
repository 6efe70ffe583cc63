import { describe, expect, test } from 'vitest';
import { DIRECT } from '../src/candidates.ts';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import type { Scene } from '../src/scene.ts';
import { useScene } from '../src/scene.ts';
import { hasCoturn } from '../src/turn-server.ts';

const CONNECTED = { state: 'established', connection: 'connected' } as const;
const FOUR = ['alerting', 'alerting', 'alerting', 'alerting'];

const connectedOf = (device: Device) => device.page.evaluate(() => window.probe.connected());

describe('by every path', () => {
  const scene = useScene({ settings: { PRECONNECT: 'direct' } });

  test('four devices connect while they ring, one answers, and the others have opened no microphone', async () => {
    const [alice, bob1, ...others] = await ringingOnFour(scene);
    await eventually(() => connectedOf(alice)).toBe(4);
    for (const bob of [bob1, ...others]) {
      expect(await bob.devicesUsed()).toMatchObject({ asked: 0, live: [], sent: [] });
    }
    expect((await alice.devicesUsed()).sent).toEqual([]);
    expect(await bob1.accept()).toBe('done');
    await Promise.all([alice.sees(CONNECTED), bob1.sees(CONNECTED)]);
    await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob1.page, 'audio')]);
    for (const bob of others) {
      await bob.sees({ state: 'ended', endReason: 'answered-elsewhere' });
      expect(await bob.devicesUsed()).toMatchObject({ asked: 0, live: [] });
      await eventually(() => connectedOf(bob)).toBe(0);
    }
    await eventually(() => connectedOf(alice)).toBe(1);
    expect(await alice.connections()).toBe(4);
    await alice.end();
    await bob1.sees({ state: 'ended' });
  });

  test('a page that is loaded anew while it rings connects anew, and answers', async () => {
    const [alice, bob] = await scene.devices('alice', 'bob');
    await alice.call(bob);
    await eventually(() => connectedOf(alice)).toBe(1);
    await bob.page.reload();
    await bob.connect(await scene.rest.token(bob.user));
    await eventually(() => alice.connections()).toBe(2);
    await eventually(() => connectedOf(alice)).toBe(1);
    expect(await bob.accept()).toBe('done');
    await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
    await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
    await bob.end();
    await alice.sees({ state: 'ended' });
  });
});

describe.skipIf(!hasCoturn)('over TURN first', () => {
  const scene = useScene({ turn: true });

  test('who rings shows no address before the answer; the call then goes the direct way', async () => {
    const [alice, bob] = await scene.devices('alice', 'bob');
    await alice.call(bob, { media: 'video' });
    await eventually(() => connectedOf(alice)).toBe(1);
    const shown = (device: Device) => device.page.evaluate(() => window.probe.addressesSeen());
    for (const device of [alice, bob]) await eventually(() => shown(device)).toEqual(['relay']);
    await bob.accept();
    await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
    await eventually(() => shown(alice)).toContain('host');
    await eventually(() => alice.page.evaluate(() => window.probe.path())).toMatch(DIRECT);
    expect(await alice.connections()).toBe(1);
    await alice.end();
    await bob.sees({ state: 'ended' });
  });
});

async function ringingOnFour(scene: Scene): Promise<[Device, Device, ...Device[]]> {
  const [alice, ...bobs] = await scene.devices('alice', 'bob1', 'bob2', 'bob3', 'bob4');
  await alice.call(bobs[0]);
  await alice.sees({ state: 'ringing', legs: FOUR });
  return [alice, ...bobs];
}
