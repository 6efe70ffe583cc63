import type { Announcement } from '@ringline/protocol';
import { ANNOUNCEMENTS } from '@ringline/protocol';
import { loadSounds } from '@ringline/server/voice';
import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothFlow, endBy, talking } from '../src/talking.ts';
import { announcementsHeard } from '../src/voice.ts';

const scene = useScene({ settings: { ANNOUNCEMENT_PLAYS: '1', RINGBACK: 'on' } });

/** The processes that play, one of each node, as the server's log names them. */
function voicePids(): number[] {
  const lines = scene.server.log.split('\n').filter((line) => line.includes('the voice is ready'));
  return lines.map((line) => (JSON.parse(line) as { pid: number }).pid).filter(isRunning);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function packetsOfVoice(device: Device): Promise<number> {
  return (await device.receivedOfVoice()).audioPackets;
}

test('the voice’s process is killed during a tone: the page beeps by itself, then the tone is back, and the call has not noticed', async () => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await eventually(() => bob.voice()).toBe('hold');
  const pids = voicePids();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await eventually(() => bob.voice()).toBeUndefined();
  await eventually(() => bob.hearsTone()).toBe(true);
  await eventually(() => bob.voice()).toBe('hold');
  await eventually(() => voicePids()).toHaveLength(pids.length);
  expect(voicePids().some((pid) => pids.includes(pid))).toBe(false);
  expect(await bob.hearsTone()).toBe(false);
  await alice.sees({ state: 'established', connection: 'connected', localHold: true });
  await alice.resume();
  await bothFlow([alice, bob]);
  await endBy(alice, bob);
});

/** What a closed connection has received is forgotten with it, so it is looked at until the end. */
async function heardUntilEnded(device: Device): Promise<number> {
  let most = 0;
  await eventually(async () => {
    most = Math.max(most, await packetsOfVoice(device));
    return (await device.seen())?.state;
  }, 30_000).toBe('ended');
  return most;
}

/** Looks are so far apart that some of the last packets are missed. */
const MISSED = 15;

test.each([
  ['zh-Hans', 'zh/no-answer'],
  ['fr', 'en/no-answer'],
] as const)('whoever reads %s is told by %s, whole and once', async (language, clip) => {
  const [alice] = await scene.devicesThat({ language }, 'alice');
  const [bob] = await scene.devices('bob');
  await alice.call(bob, { ringTimeoutMs: 2_000 });
  await eventually(() => alice.voice()).toBe('ringback');
  await alice.sees({ state: 'announcing', endReason: 'no-answer' });
  const before = await packetsOfVoice(alice);
  const heard = (await heardUntilEnded(alice)) - before;
  const { packets } = loadSounds()[clip];
  expect(heard).toBeGreaterThan(packets.length - 2 * MISSED);
  expect(heard).toBeLessThanOrEqual(packets.length);
});

/** Alice calls so that it comes to this. */
const ATTEMPTS: Record<Announcement, (alice: Device) => Promise<void>> = {
  busy: async (alice) => {
    const [dave, bob] = await talking(scene, 'audio', ['dave', 'bob']);
    await alice.call(bob);
    await endBy(dave, bob);
  },
  refused: async (alice) => {
    const [bob] = await scene.devices('bob');
    await alice.call(bob);
    await bob.sees({ state: 'ringing' });
    await bob.refuse();
  },
  'no-answer': async (alice) => {
    const [bob] = await scene.devices('bob');
    await alice.call(bob, { ringTimeoutMs: 1_000 });
  },
  offline: async (alice) => {
    await alice.call(scene.user('nobody'), { ringTimeoutMs: 1_000 });
  },
};

const TOLD = ANNOUNCEMENTS.flatMap((reason) => [
  { reason, language: 'zh-CN', clip: `zh/${reason}` },
  { reason, language: 'en-GB', clip: `en/${reason}` },
]);

test.each(TOLD)('$clip is what is heard after $reason by whoever reads $language', async (told) => {
  const { reason, language, clip } = told;
  scene.calls = reason === 'busy' ? 2 : 1;
  const [alice] = await scene.devicesThat({ language }, 'alice');
  await alice.page.evaluate(() => window.probe.logVoice());
  await ATTEMPTS[reason](alice);
  await alice.sees({ state: 'announcing', endReason: reason });
  await alice.sees({ state: 'ended', endReason: reason }, 30_000);
  expect(await announcementsHeard(alice)).toEqual([clip]);
});
