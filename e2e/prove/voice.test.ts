import type { Announcement } from '@ringline/protocol';
import { ANNOUNCEMENTS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothFlow, endBy, talking } from '../src/talking.ts';
import { MOST, announcementsHeard, timesHeard } from '../src/voice.ts';

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

/** The longest is played for six seconds, once; the machine is busy. */
const ENDED_WITHIN_MS = 60_000;

test('the voice’s process is killed during a tone: the page beeps by itself, then the tone is back, and the call has not noticed', async () => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await eventually(() => bob.voice()).toBe('hold');
  const pids = voicePids();
  const before = await bob.tonesBegun();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  // The voice may be back before it is looked at; what the page began is counted.
  await eventually(() => bob.tonesBegun()).toBeGreaterThan(before);
  await eventually(() => bob.voice()).toBe('hold');
  await eventually(() => voicePids()).toHaveLength(pids.length);
  expect(voicePids().some((pid) => pids.includes(pid))).toBe(false);
  await eventually(() => bob.hearsTone()).toBe(false);
  await alice.sees({ state: 'established', connection: 'connected', localHold: true });
  await alice.resume();
  await bothFlow([alice, bob]);
  await endBy(alice, bob);
});

/** Waits until the caller was told why, and until that is over: each may be past when it is looked at. */
async function isTold(caller: Device, endReason: Announcement): Promise<void> {
  await caller.sees({ state: 'ended', endReason }, ENDED_WITHIN_MS);
  expect((await caller.events())[(await caller.seen())?.id ?? '']).toContain('announcing');
}

test.each([
  ['zh-Hans', 'zh/no-answer'],
  ['fr', 'en/no-answer'],
] as const)('whoever reads %s is told by %s, whole and once', async (language, clip) => {
  const [alice] = await scene.devicesThat({ language }, 'alice');
  await alice.page.evaluate(() => window.probe.logVoice());
  const [bob] = await scene.devices('bob');
  await alice.call(bob, { ringTimeoutMs: 8_000 });
  await eventually(() => alice.voice()).toBe('ringback');
  await isTold(alice, 'no-answer');
  const times = await timesHeard(alice, clip);
  expect(times).toBeGreaterThan(MOST);
  expect(times).toBeLessThanOrEqual(1);
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
    await alice.call(bob, { ringTimeoutMs: 4_000 });
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
  await isTold(alice, reason);
  expect(await announcementsHeard(alice)).toEqual([clip]);
});
