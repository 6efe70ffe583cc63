import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow, expectNoMore } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { CONNECTED, bothFlow, endBy, nothingFlows, talking } from '../src/talking.ts';

// The server's tone is proved in voice.test.ts; here is what a device plays without it.
const scene = useScene({ settings: { VOICE: 'off' } });

/** How long sound waits in the jitter buffer at this time, in milliseconds. */
async function bufferedMs(device: Device): Promise<number> {
  const before = await device.received();
  await expectFlow(device.page, 'audio');
  const after = await device.received();
  const samples = after.bufferedSamples - before.bufferedSamples;
  return ((after.bufferedSeconds - before.bufferedSeconds) / samples) * 1000;
}

test('without the server’s voice the held side hears a tone of its own, the holder none, and it stops with the resume', async () => {
  const [alice, bob] = await talking(scene);
  await bob.hold();
  await alice.sees({ remoteHold: true });
  await eventually(() => alice.hearsTone()).toBe(true);
  expect(await bob.hearsTone()).toBe(false);
  await bob.resume();
  await alice.sees({ remoteHold: false });
  await eventually(() => alice.hearsTone()).toBe(false);
  await endBy(alice, bob);
});

test.each(['first', 'second'] as const)(
  'both hold; the %s who held resumes first, and only the second resume brings sound and picture',
  async (which) => {
    const [alice, bob] = await talking(scene, 'video');
    await alice.hold();
    await bob.sees({ remoteHold: true });
    await bob.hold();
    await alice.sees({ localHold: true, remoteHold: true });
    await eventually(() => alice.hearsTone()).toBe(false);
    const [one, other] = which === 'first' ? [alice, bob] : [bob, alice];
    expect(await one.resume()).toBe('done');
    await one.sees({ localHold: false, remoteHold: true, media: 'audio' });
    await nothingFlows([alice, bob]);
    expect(await one.resume()).toBe('wrong-state');
    expect(await other.resume()).toBe('done');
    await bothFlow([alice, bob], 'video');
    await endBy(alice, bob);
  },
);

test('both hold at the same moment, and both resume at the same moment', async () => {
  const [alice, bob] = await talking(scene);
  expect(await Promise.all([alice.hold(), bob.hold()])).toEqual(['done', 'done']);
  await alice.sees({ localHold: true, remoteHold: true });
  expect(await Promise.all([alice.resume(), bob.resume()])).toEqual(['done', 'done']);
  await bothFlow([alice, bob]);
  await endBy(alice, bob);
});

test('muted before a hold is muted after it', async () => {
  const [alice, bob] = await talking(scene);
  await alice.mute(true);
  await bob.sees({ peerMuted: true });
  await bob.hold();
  await alice.sees({ remoteHold: true });
  await bob.resume();
  await expectFlow(alice.page, 'audio');
  await expectNoMore(bob.page, 'sound');
  await alice.sees({ muted: true });
  await alice.mute(false);
  await expectFlow(bob.page, 'audio');
  await endBy(alice, bob);
});

/** Alice holds ten times for a moment: how long sound waits in Bob's buffer right after it, in milliseconds. */
async function bufferedAfterHolds(alice: Device, bob: Device): Promise<number> {
  for (let i = 0; i < 10; i++) {
    if (i > 0) await expectFlow(bob.page, 'audio');
    expect(await alice.hold()).toBe('done');
    expect(await alice.resume()).toBe('done');
  }
  return bufferedMs(bob);
}

/** The defect that is looked for adds a second; the buffer of a busy machine breathes, and is looked at again after ten more. */
const MORE_MS = 500;
const TRIES = 3;

test('after ten short holds sound waits in the buffer no longer than before', async () => {
  const [alice, bob] = await talking(scene);
  const before = await bufferedMs(bob);
  let more = Infinity;
  for (let i = 0; i < TRIES && more >= MORE_MS; i++) {
    more = (await bufferedAfterHolds(alice, bob)) - before;
  }
  expect(more).toBeLessThan(MORE_MS);
  await endBy(alice, bob);
});

/** What was sent before has come and is counted within this, or where a machine is busy within some of it. */
const SENT_BEFORE_MS = 1_000;

/** How many packets come to a device meanwhile. */
async function packetsComing({ page }: Device): Promise<number> {
  return page.evaluate(async (ms) => {
    const { audioPackets } = await window.probe.received();
    await new Promise((resolve) => void setTimeout(resolve, ms));
    return (await window.probe.received()).audioPackets - audioPackets;
  }, SENT_BEFORE_MS);
}

test('a resume after which one side sends nothing any more ends the call', async () => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await bob.sees({ remoteHold: true });
  await bob.page.evaluate(() => window.probe.loseSenders());
  await eventually(() => packetsComing(alice)).toBe(0);
  expect(await alice.resume()).toBe('wrong-state');
  for (const device of [alice, bob]) {
    await device.sees({ state: 'ended', endReason: 'resume-failed' });
    await eventually(async () => (await device.devicesUsed()).live).toEqual([]);
  }
});

test('a resume succeeds although one side has lost its microphone: it has said so', async () => {
  const [alice, bob] = await talking(scene);
  await bob.page.evaluate(() => window.probe.denyDevices(true));
  await bob.unplug('Fake Default Audio Input');
  await alice.sees({ peerMuted: true });
  await alice.hold();
  await bob.sees({ remoteHold: true });
  expect(await alice.resume()).toBe('done');
  await expectFlow(bob.page, 'audio');
  await endBy(alice, bob);
});

test('elements that are attached during a hold follow the call', async () => {
  const [alice, bob] = await talking(scene, 'video');
  await alice.hold();
  await bob.sees({ remoteHold: true });
  await bob.page.evaluate(() => {
    document.body.append(
      ...['other-local', 'other-remote'].map((id) =>
        Object.assign(document.createElement('video'), { id, autoplay: true }),
      ),
    );
  });
  await bob.moveTo('other-local', 'other-remote');
  await eventually(() => bob.played('other-remote')).toMatchObject({
    enabled: [],
    isMoving: false,
  });
  await alice.resume();
  await eventually(() => bob.played('other-remote')).toMatchObject({
    tracks: ['audio', 'video'],
    isMoving: true,
  });
  await eventually(() => bob.played('other-local')).toMatchObject({ isMoving: true });
  await endBy(alice, bob);
});

test('the holding page is loaded anew: it holds as before, and resumes', async () => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await bob.sees({ remoteHold: true });
  await alice.page.reload();
  await alice.connect(await scene.rest.token(alice.user));
  await alice.sees({ ...CONNECTED, restored: true, localHold: true });
  await nothingFlows([alice, bob]);
  expect(await alice.resume()).toBe('done');
  await bothFlow([alice, bob]);
  await endBy(alice, bob);
});

test('the server is killed during a hold and started again: held as before, then resumed', async () => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await bob.sees({ remoteHold: true });
  await scene.server.kill();
  for (const device of [alice, bob]) {
    await eventually(() => device.connection()).toBe('reconnecting');
  }
  await nothingFlows([alice, bob]);
  await scene.server.restart();
  for (const device of [alice, bob]) {
    await eventually(() => device.connection()).toBe('connected');
  }
  await alice.sees({ localHold: true });
  expect(await alice.resume()).toBe('done');
  await bothFlow([alice, bob]);
  await endBy(alice, bob);
});

test('a call that was placed as not holdable is not held, and goes on', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { holdable: false });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  expect(await bob.hold()).toBe('not-permitted');
  await bob.sees({ localHold: false, state: 'established' });
  await bothFlow([alice, bob]);
  await endBy(alice, bob);
});

test.each(['the holder', 'the held side'] as const)('%s ends a held call', async (who) => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await bob.sees({ remoteHold: true });
  const [one, other] = who === 'the holder' ? [alice, bob] : [bob, alice];
  await endBy(one, other);
  expect(await other.seen()).toMatchObject({ remoteHold: false, localHold: false });
  await eventually(() => other.records()).toMatchObject([
    { reason: 'completed', status: 1, endedBy: one.user },
  ]);
});
