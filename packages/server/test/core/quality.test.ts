import type { QualitySummary } from '@ringline/protocol';
import { QUALITY_REPORT_WITHIN_MS, USER_BURST } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, CALL2, established, ringing } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const GOOD: QualitySummary = { seconds: 60, mos: 4.3, mosMin: 4.1, lossRatio: 0, relayed: true };
const POOR: QualitySummary = { seconds: 120, mos: 2.8, mosMin: 1.9, lossRatio: 0.14 };

/** Reports, and gives the answer's type or code. */
async function report(
  cluster: TestCluster,
  device: TestDevice,
  summary: QualitySummary,
  call: string = CALL,
): Promise<string | undefined> {
  const seq = device.ask({ type: 'report-quality', call, summary });
  await cluster.settle();
  const answer = device.answerTo(seq);
  return answer?.type === 'refused' ? answer.code : answer?.type;
}

async function hangUp(cluster: TestCluster, device: TestDevice): Promise<void> {
  device.ask({ type: 'end', call: CALL });
  await cluster.settle();
}

test('[QLT1] both sides report, during the call and at its end, and the last word of each counts', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node(), await cluster.node());
  expect(await report(cluster, alice, POOR)).toBe('done');
  expect(await report(cluster, bob, GOOD)).toBe('done');
  await hangUp(cluster, alice);
  expect(await report(cluster, alice, GOOD)).toBe('done');
  expect(await report(cluster, bob, POOR)).toBe('done');
  expect(await cluster.store.quality([CALL])).toEqual([
    { call: CALL, user: 'alice', ...GOOD },
    { call: CALL, user: 'bob', ...POOR },
  ]);
});

test('[QLT2] a report is taken until its time is over, to the millisecond', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await hangUp(cluster, bob);
  const call = await cluster.store.call(CALL);
  const late = (call?.changedAt ?? 0) + QUALITY_REPORT_WITHIN_MS - cluster.clock.now();
  await cluster.clock.advanceAsync(late - 100);
  expect(await report(cluster, alice, GOOD)).toBe('done');
  await cluster.clock.advanceAsync(101);
  expect(await report(cluster, alice, POOR)).toBe('wrong-state');
  expect(await cluster.store.quality([CALL])).toMatchObject([{ user: 'alice', mos: GOOD.mos }]);
});

test('[QLT2] a call that nobody answered has no quality', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await ringing(cluster, await cluster.node());
  expect(await report(cluster, alice, GOOD)).toBe('wrong-state');
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(await report(cluster, alice, GOOD)).toBe('wrong-state');
  expect(await report(cluster, bob, GOOD)).toBe('wrong-state');
});

test('[QLT3] strangers and other devices of the same users are refused, and nothing is kept', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice } = await established(cluster, node);
  const [eve, alice2, bob2] = [
    await cluster.device(node, 'eve', 'eve1'),
    await cluster.device(node, 'alice', 'alice2'),
    await cluster.device(node, 'bob', 'bob2'),
  ];
  expect(await report(cluster, eve, POOR)).toBe('unknown-call');
  expect(await report(cluster, eve, POOR, CALL2)).toBe('unknown-call');
  expect(await report(cluster, alice2, POOR)).toBe('forbidden');
  await hangUp(cluster, alice);
  expect(await report(cluster, alice2, POOR)).toBe('forbidden');
  expect(await report(cluster, bob2, POOR)).toBe('forbidden');
  expect(await cluster.store.quality([CALL])).toEqual([]);
});

test('[QLT4] a report changes neither the call nor its record', async () => {
  const cluster = new TestCluster();
  const { alice } = await established(cluster, await cluster.node());
  await hangUp(cluster, alice);
  const before = await cluster.store.records({ user: 'bob', limit: 1 });
  const version = (await cluster.store.call(CALL))?.version;
  await report(cluster, alice, GOOD);
  expect(await cluster.store.records({ user: 'bob', limit: 1 })).toEqual(before);
  expect((await cluster.store.call(CALL))?.version).toBe(version);
});

test('[QLT5] [GTW9] reports draw on the budget of their user', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await cluster.clock.advanceAsync(10_000);
  for (let i = 0; i < USER_BURST; i++) {
    alice.ask({ type: 'report-quality', call: CALL, summary: GOOD });
  }
  expect(await report(cluster, alice, POOR)).toBe('rate-limited');
  expect(await report(cluster, bob, POOR)).toBe('done');
});

test('[QLT6] a score is counted once, when the call is over', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await report(cluster, alice, GOOD);
  expect(cluster.metrics.of('rated 4.3 relayed true')).toBe(0);
  await hangUp(cluster, bob);
  await report(cluster, alice, GOOD);
  alice.say({ type: 'report-quality', seq: alice.seq, call: CALL, summary: GOOD });
  await cluster.settle();
  await report(cluster, bob, POOR);
  expect(cluster.metrics.of('rated 4.3 relayed true')).toBe(1);
  expect(cluster.metrics.of('rated 2.8 relayed undefined')).toBe(1);
});
