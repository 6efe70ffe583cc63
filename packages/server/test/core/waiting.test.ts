import { expect, test } from 'vitest';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';
import type { CallPolicy } from '../../src/calls/call-policy.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, CALL2 } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { HeldStore } from '../support/held-store.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const WAITING = { callWaiting: true };

/** Alice and Bob talk, and Carol is there; all their pages take a second call. */
async function talking(
  cluster: TestCluster,
  { bobs = 'bob', more = WAITING }: Partial<{ bobs: string; more: object }> = {},
) {
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', WAITING);
  const bob = await cluster.device(node, bobs, 'bob1', more);
  const carol = await cluster.device(node, 'carol', 'carol1', WAITING);
  alice.invite(CALL, 'bob');
  await cluster.settle();
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  return { node, alice, bob, carol };
}

async function callFrom(cluster: TestCluster, device: TestDevice, call = CALL2, to = 'bob') {
  const seq = device.invite(call, to);
  await cluster.settle();
  return device.answerTo(seq);
}

test('[WTG5] a second call rings beside the first, and its accept holds that one', async () => {
  const cluster = new TestCluster();
  const { alice, bob, carol } = await talking(cluster);
  await callFrom(cluster, carol);
  expect(bob.view(CALL2)).toMatchObject({ state: 'inviting', direction: 'incoming' });
  bob.ask({ type: 'accept', call: CALL2 });
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ peerHolds: true });
  expect(bob.view(CALL)).toMatchObject({ held: true });
  expect(carol.view(CALL2)).toMatchObject({ state: 'established' });
  bob.ask({ type: 'swap', call: CALL });
  await cluster.settle();
  expect(carol.view(CALL2)).toMatchObject({ peerHolds: true });
  bob.ask({ type: 'end', call: CALL, resumeOther: true });
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'completed' });
  expect(bob.view(CALL2)).toMatchObject({ resuming: { by: 'self' } });
});

test('[WTG7] calling out holds the first call', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await talking(cluster);
  expect(await callFrom(cluster, bob, CALL2, 'carol')).toMatchObject({ call: CALL2 });
  expect(alice.view(CALL)).toMatchObject({ peerHolds: true });
});

test.each<[string, Partial<CallPolicy>, string, object]>([
  ['its page does not say so', {}, 'bob', {}],
  ['the server denies call waiting', { callWaiting: false }, 'bob', WAITING],
  ['the server denies holds', { hold: false }, 'bob', WAITING],
  ['its token denies call waiting', {}, 'bob without callWaiting', WAITING],
  ['its token denies holds', {}, 'bob without hold', WAITING],
])('[POL5] a user is busy if %s', async (_, denied, bobs, more) => {
  const cluster = new TestCluster({ policy: { ...PERMISSIVE, ...denied } });
  const { bob, carol } = await talking(cluster, { bobs, more });
  await callFrom(cluster, carol);
  expect(carol.view(CALL2)).toMatchObject({ state: 'ended', reason: 'busy' });
  expect(await callFrom(cluster, bob, 'call-0000000000000003', 'carol')).toMatchObject({
    code: 'caller-busy',
  });
});

test('[POL6] a page may say otherwise during a call', async () => {
  const cluster = new TestCluster();
  const { bob, carol } = await talking(cluster);
  bob.ask({ type: 'set-call-waiting', on: false });
  await callFrom(cluster, carol);
  expect(carol.view(CALL2)).toMatchObject({ reason: 'busy' });
  bob.ask({ type: 'set-call-waiting', on: true });
  await callFrom(cluster, carol, 'call-0000000000000003');
  expect(bob.view('call-0000000000000003')?.state).toBe('inviting');
});

test('[POL6] a renewed token counts for the next call', async () => {
  const cluster = new TestCluster();
  const { bob, carol } = await talking(cluster);
  bob.ask({ type: 'renew-token', token: 'bob without callWaiting' });
  await callFrom(cluster, carol);
  expect(carol.view(CALL2)).toMatchObject({ reason: 'busy' });
});

test('[POL6] a renewed token counts although the store was away when it came, once it is renewed again', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const { bob, carol } = await talking(cluster);
  const renewal = { type: 'renew-token', token: 'bob without callWaiting' } as const;
  gate.fail(['load', 'commit']);
  const refused = bob.ask(renewal);
  await cluster.settle();
  expect(bob.answerTo(refused)).toMatchObject({ code: 'unavailable' });
  gate.mend();
  bob.ask(renewal);
  await callFrom(cluster, carol);
  expect(carol.view(CALL2)).toMatchObject({ reason: 'busy' });
});

/** Whether a caller who finds Bob busy is told that a voice may say so. */
async function announcesBusy(cluster: TestCluster, bobs: string): Promise<boolean> {
  const { carol } = await talking(cluster, { bobs, more: {} });
  await callFrom(cluster, carol);
  const view = carol.view(CALL2);
  expect(view).toMatchObject({ reason: 'busy' });
  return view !== undefined && 'announcingMs' in view;
}

test('[POL7] announcements are switched off for all, and for those who call one user', async () => {
  const off = { policy: { ...PERMISSIVE, announcements: false } };
  expect(await announcesBusy(new TestCluster(), 'bob')).toBe(true);
  expect(await announcesBusy(new TestCluster(off), 'bob')).toBe(false);
  expect(await announcesBusy(new TestCluster(), 'bob without announcements')).toBe(false);
});

test('[STP10] [SWP2] of two calls that are resumed at once one stays held', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { bob, carol } = await talking(cluster);
  await callFrom(cluster, carol);
  bob.ask({ type: 'accept', call: CALL2 });
  bob.ask({ type: 'hold', call: CALL2 });
  await cluster.settle();
  let goOn = () => {};
  store.holds = { type: 'resume', until: new Promise((resolve) => (goOn = resolve)) };
  const first = bob.ask({ type: 'resume', call: CALL });
  const second = bob.ask({ type: 'resume', call: CALL2 });
  await cluster.settle();
  goOn();
  await cluster.settle();
  const views = [CALL, CALL2].map((call) => bob.view(call));
  expect(views.filter((view) => view && 'held' in view)).toHaveLength(1);
  const answers = [first, second].map((seq) => bob.answerTo(seq));
  expect(answers).toContainEqual(expect.objectContaining({ code: 'other-call-live' }));
});
