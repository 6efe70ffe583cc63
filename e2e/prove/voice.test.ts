import type { Announcement } from '@ringline/protocol';
import { ANNOUNCEMENTS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothFlow, endBy, talking } from '../src/talking.ts';
import { MOST, announcementsHeard, hearsVoice, timesHeard } from '../src/voice.ts';

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

/** Kills all that play, and waits until as many others do. */
async function replaceVoices(): Promise<void> {
  const pids = voicePids();
  expect(pids).not.toEqual([]);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const others = () => voicePids().filter((pid) => !pids.includes(pid));
  await eventually(() => others().length).toBeGreaterThanOrEqual(pids.length);
}

/** The longest is played for six seconds, once; the machine is busy. */
const ENDED_WITHIN_MS = 120_000;

/** So long it rings where nobody answers: on a busy machine it takes some seconds until it rings at all. */
const RING_MS = 10_000;

/** A page that never beeps by itself does not do it the third time either. */
const TRIES = 3;

test('the voice’s process is killed during a tone: the page beeps by itself, then the tone is back, and the call has not noticed', async () => {
  const [alice, bob] = await talking(scene);
  await alice.hold();
  await eventually(() => bob.voice()).toBe('hold');
  await hearsVoice(bob);
  const before = await bob.tonesBegun();
  // What the page began is counted, for the voice may be back before it is looked at; and where the page
  // stood still, before that had waited for it long enough.
  for (let tries = 0; tries < TRIES && (await bob.tonesBegun()) === before; tries++) {
    await replaceVoices();
    await hearsVoice(bob);
  }
  expect(await bob.tonesBegun()).toBeGreaterThan(before);
  await eventually(() => bob.voice()).toBe('hold');
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
  await alice.call(bob, { ringTimeoutMs: RING_MS });
  await eventually(() => alice.voice()).toBe('ringback');
  await isTold(alice, 'no-answer');
  // The page notes packets in a thread of their own.
  await eventually(() => timesHeard(alice, clip)).toBeGreaterThan(MOST);
  expect(await timesHeard(alice, clip)).toBeLessThanOrEqual(1);
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
    await alice.call(bob, { ringTimeoutMs: RING_MS });
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
  await eventually(() => announcementsHeard(alice)).toEqual([clip]);
});
