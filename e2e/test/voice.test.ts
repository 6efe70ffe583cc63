import { describe, expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothFlow, CONNECTED, endBy, nothingFlows, talking } from '../src/talking.ts';
import { hearsVoice, voiceIsOver } from '../src/voice.ts';

/** The longest is played for six seconds, three times; the machine is busy. */
const ENDED_WITHIN_MS = 120_000;

/** So long it rings where nobody answers: on a busy machine it takes some seconds until it rings at all. */
const RING_MS = 8_000;

const NEVER_CONNECTED = ['accepted', 'connected'];

async function eventsOfNewest(device: Device): Promise<readonly string[]> {
  return (await device.events())[(await device.seen())?.id ?? ''] ?? [];
}

/** Whoever did not answer is free while its caller still listens: it is called, and calls. */
async function isFreeBeside(listening: Device, callee: Device, third: Device): Promise<void> {
  await third.call(callee);
  await callee.sees({ state: 'ringing', direction: 'incoming' });
  await third.cancel();
  await callee.sees({ state: 'ended', endReason: 'cancelled' });
  await callee.call(third);
  await third.sees({ state: 'ringing', direction: 'incoming' });
  await third.accept();
  // A busy machine takes its time for the media, and nobody listens for more than a minute.
  await listening.sees({ state: 'announcing' });
  expect(await listening.voice()).toBe((await listening.seen())?.endReason);
  await Promise.all([callee.sees(CONNECTED), third.sees(CONNECTED)]);
  await endBy(callee, third);
}

describe('the hold tone, and announcements that somebody cuts short', () => {
  // So often that none ends by itself meanwhile, however busy the machine is.
  const scene = useScene({ settings: { ANNOUNCEMENT_PLAYS: '10' } });

  test('the held side hears the server’s tone and nothing of the call, until it is resumed', async () => {
    const [alice, bob] = await talking(scene);
    await alice.hold();
    await eventually(() => bob.voice()).toBe('hold');
    await hearsVoice(bob);
    await nothingFlows([alice, bob]);
    expect(await bob.hearsTone()).toBe(false);
    expect(await alice.voice()).toBeUndefined();
    await alice.resume();
    await voiceIsOver(scene, bob);
    await bothFlow([alice, bob]);
    await endBy(alice, bob);
  });

  test('the tone moves when both hold in turn, and is with nobody while both do', async () => {
    const [alice, bob] = await talking(scene);
    await alice.hold();
    await hearsVoice(bob);
    await bob.hold();
    await voiceIsOver(scene, bob);
    expect(await alice.voice()).toBeUndefined();
    await alice.resume();
    await hearsVoice(alice);
    await bob.resume();
    await voiceIsOver(scene, alice);
    await endBy(bob, alice);
  });

  test('refused: the callee is free meanwhile, and hanging up ends it at once', async () => {
    scene.calls = 3;
    const [alice, bob, carol] = await scene.devices('alice', 'bob', 'carol');
    await alice.call(bob);
    await bob.sees({ state: 'ringing' });
    await bob.refuse();
    await bob.sees({ state: 'ended', endReason: 'refused' });
    await alice.sees({ state: 'announcing', endReason: 'refused' });
    await hearsVoice(alice);
    await isFreeBeside(alice, bob, carol);
    expect(await alice.end()).toBe('done');
    await alice.sees({ state: 'ended', endReason: 'refused' });
    await voiceIsOver(scene, alice);
    expect(await eventsOfNewest(alice)).not.toContain('connected');
  });

  test('no answer: the callee is free meanwhile, and a new call to the caller cuts it short', async () => {
    scene.calls = 4;
    const [alice, bob, carol] = await scene.devices('alice', 'bob', 'carol');
    expect(await alice.call(bob, { ringTimeoutMs: RING_MS })).toBe('done');
    await alice.sees({ state: 'announcing', endReason: 'no-answer' });
    await hearsVoice(alice);
    await isFreeBeside(alice, bob, carol);
    await bob.call(alice);
    await alice.sees({ state: 'ringing', direction: 'incoming' });
    await voiceIsOver(scene, alice);
    await alice.accept();
    await bothFlow([alice, bob]);
    await endBy(alice, bob);
  });

  test('a new call by the caller cuts it short', async () => {
    scene.calls = 2;
    const [alice, bob] = await scene.devices('alice', 'bob');
    await alice.call(bob);
    await bob.sees({ state: 'ringing' });
    await bob.refuse();
    await hearsVoice(alice);
    await alice.call(bob);
    await bob.sees({ state: 'ringing' });
    await voiceIsOver(scene, alice);
    expect(await bob.accept()).toBe('done');
    await bothFlow([alice, bob]);
    await endBy(bob, alice);
  });

  test('the page that is loaded anew while it is held hears the tone again', async () => {
    const [alice, bob] = await talking(scene);
    await alice.hold();
    await hearsVoice(bob);
    await bob.page.reload();
    await bob.connect(await scene.rest.token(bob.user));
    await bob.sees({ restored: true, remoteHold: true });
    await hearsVoice(bob);
    expect(await bob.voice()).toBe('hold');
    await endBy(alice, bob);
  });
});

describe('announcements that end by themselves', () => {
  // Long enough to be heard by a page that is slow to connect.
  const scene = useScene({ settings: { ANNOUNCEMENT_PLAYS: '3' } });

  test('busy, in the caller’s language: never connected, both free, and it ends by itself', async () => {
    scene.calls = 3;
    const [alice, bob] = await talking(scene);
    const [carol] = await scene.devicesThat({ language: 'zh-CN' }, 'carol');
    await carol.call(bob);
    await carol.sees({ state: 'announcing', endReason: 'busy', connection: 'none' });
    await hearsVoice(carol);
    await endBy(alice, bob);
    // Bob is free while Carol still listens, and so is Carol's line.
    await alice.call(bob);
    await bob.sees({ direction: 'incoming', state: 'ringing' });
    await alice.end();
    await carol.sees({ state: 'ended', endReason: 'busy' }, ENDED_WITHIN_MS);
    await voiceIsOver(scene, carol);
    const told = await eventsOfNewest(carol);
    expect(told).toEqual(['announcing', 'ended']);
    expect(NEVER_CONNECTED.some((name) => told.includes(name))).toBe(false);
  });

  test('offline', async () => {
    const [alice] = await scene.devices('alice');
    expect(await alice.call(scene.user('nobody'), { ringTimeoutMs: 4_000 })).toBe('done');
    await alice.sees({ state: 'announcing', endReason: 'offline' });
    await hearsVoice(alice);
    await alice.sees({ state: 'ended', endReason: 'offline' }, ENDED_WITHIN_MS);
  });
});
