import { expect, test } from 'vitest';
import { eventually } from '../src/device.ts';
import type { Device } from '../src/device.ts';
import { useScene } from '../src/scene.ts';

// What follows an attempt that failed is told in voice.test.ts.
const scene = useScene({ settings: { ANNOUNCEMENTS: 'off' } });

/** So long it rings where nobody answers: on a busy machine it takes some seconds until it rings at all. */
const RING_MS = 10_000;

/** Nothing was opened, or everything was closed again. */
async function expectNoDeviceOpen(...devices: readonly Device[]): Promise<void> {
  for (const device of devices) {
    await eventually(async () => (await device.devicesUsed()).live).toEqual([]);
  }
}

test(
  'the caller cancels: every device of the callee stops ringing',
  { tags: ['telling'] },
  async () => {
    const [alice, bob1, bob2] = await scene.devices('alice', 'bob1', 'bob2');
    await alice.call(bob1, { media: 'video' });
    await alice.sees({ state: 'ringing', legs: ['alerting', 'alerting'] });
    expect(await alice.cancel()).toBe('done');
    const cancelled = { state: 'ended', endReason: 'cancelled' } as const;
    await Promise.all([alice, bob1, bob2].map((device) => device.sees(cancelled)));
    await expectNoDeviceOpen(alice, bob1, bob2);
    const [record] = await scene.rest.records(bob1.user);
    expect(record).toMatchObject({ status: 2, reason: 'cancelled', durations: [] });
  },
);

test('refused on one device only, it rings on at the other, which answers', async () => {
  const [alice, bob1, bob2] = await scene.devices('alice', 'bob1', 'bob2');
  await alice.call(bob1);
  await alice.sees({ state: 'ringing', legs: ['alerting', 'alerting'] });
  expect(await bob1.refuse({ everywhere: false })).toBe('done');
  await bob1.sees({ state: 'ended' });
  await eventually(async () => (await alice.seen())?.legs.toSorted()).toEqual([
    'alerting',
    'refused',
  ]);
  expect(await bob2.accept()).toBe('done');
  await Promise.all([alice, bob2].map((device) => device.sees({ connection: 'connected' })));
  await bob2.end();
  await alice.sees({ endReason: 'completed' });
});

test('refused everywhere, the call is over on all devices', { tags: ['telling'] }, async () => {
  const [alice, bob1, bob2] = await scene.devices('alice', 'bob1', 'bob2');
  await alice.call(bob1);
  await alice.sees({ legs: ['alerting', 'alerting'] });
  expect(await bob2.refuse()).toBe('done');
  await alice.sees({ state: 'ended', endReason: 'refused' });
  await bob1.sees({ state: 'ended', endReason: 'refused-elsewhere' });
  await expectNoDeviceOpen(alice, bob1, bob2);
  const [record] = await scene.rest.records(alice.user);
  expect(record).toMatchObject({ status: 3, reason: 'refused', endedBy: bob1.user });
});

test('refused by each device for itself, the call ends as refused', async () => {
  const [alice, bob1, bob2] = await scene.devices('alice', 'bob1', 'bob2');
  await alice.call(bob1);
  await alice.sees({ legs: ['alerting', 'alerting'] });
  await bob1.refuse({ everywhere: false });
  await bob2.refuse({ everywhere: false });
  await alice.sees({ state: 'ended', endReason: 'refused' });
  expect(await scene.rest.records(bob1.user)).toMatchObject([{ status: 3, reason: 'refused' }]);
});

test('nobody answers: it ends by itself on both sides when the ring time is over', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { ringTimeoutMs: RING_MS });
  await alice.sees({ state: 'ended', endReason: 'no-answer' });
  await bob.sees({ state: 'ended', direction: 'incoming' });
  await expectNoDeviceOpen(alice, bob);
  const [record] = await scene.rest.records(bob.user);
  expect(record).toMatchObject({ status: 4, reason: 'no-answer', endedBy: null });
});

test('a third caller is told busy at once, and the callee is not disturbed', async () => {
  scene.calls = 2;
  const [alice, bob, carol] = await scene.devices('alice', 'bob', 'carol');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await bob.sees({ connection: 'connected' });
  await carol.call(bob);
  await carol.sees({ state: 'ended', endReason: 'busy' });
  expect(Object.keys(await bob.events())).toHaveLength(1);
  await bob.sees({ connection: 'connected' });
  expect(await scene.rest.records(carol.user)).toMatchObject([{ status: 5, reason: 'busy' }]);
  await alice.end();
  await bob.sees({ state: 'ended' });
});

test('both call each other at the same moment: one call, one record', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  expect(await Promise.all([alice.call(bob), bob.call(alice)])).toEqual(['done', 'done']);
  await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
  const [a, b] = await Promise.all([alice.seen(), bob.seen()]);
  expect(a?.id).toBe(b?.id);
  expect(new Set([a?.direction, b?.direction])).toEqual(new Set(['incoming', 'outgoing']));
  await alice.end();
  await bob.sees({ state: 'ended', endReason: 'completed' });
});

test(
  'answered on one device, the other stops and never opens its microphone',
  { tags: ['telling'] },
  async () => {
    const [alice, bob1, bob2] = await scene.devices('alice', 'bob1', 'bob2');
    await alice.call(bob1);
    await alice.sees({ legs: ['alerting', 'alerting'] });
    await bob1.accept();
    await bob2.sees({ state: 'ended', endReason: 'answered-elsewhere' });
    await alice.sees({ connection: 'connected' });
    expect(await bob2.devicesUsed()).toEqual({ asked: 0, live: [], sent: [], sentFrom: [] });
    expect(await bob2.connections()).toBe(0);
    await alice.end();
    await bob1.sees({ state: 'ended' });
  },
);

test('four devices of the callee: two answer at once, one wins, no other sends a sound', async () => {
  const names = ['bob1', 'bob2', 'bob3'] as const;
  const [alice, ...bobs] = await scene.devices('alice', ...names);
  await alice.call(bobs[0], { media: 'video' });
  await alice.sees({ legs: ['alerting', 'alerting', 'alerting'] });
  const answers = await Promise.all([bobs[0].accept(), bobs[1].accept()]);
  expect(answers.toSorted()).toEqual(['answered-elsewhere', 'done']);
  await alice.sees({ connection: 'connected' });
  const winner = answers[0] === 'done' ? bobs[0] : bobs[1];
  const losers = bobs.filter((bob) => bob !== winner);
  for (const loser of losers) {
    await loser.sees({ state: 'ended', endReason: 'answered-elsewhere' });
    expect(await loser.connections()).toBe(0);
  }
  await expectNoDeviceOpen(...losers);
  await winner.end();
  await alice.sees({ endReason: 'completed' });
});

test('a denied microphone leaves the call ringing, and a second try answers it', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.page.evaluate(() => window.probe.denyDevices(true));
  expect(await bob.accept()).toBe('microphone-denied');
  await bob.sees({ state: 'ringing' });
  await alice.sees({ state: 'ringing' });
  await bob.page.evaluate(() => window.probe.denyDevices(false));
  expect(await bob.accept()).toBe('done');
  await alice.sees({ connection: 'connected' });
  await alice.end();
  await bob.sees({ state: 'ended' });
});
