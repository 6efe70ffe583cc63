import {
  MAX_CONTENT_BYTES,
  MAX_RING_TIMEOUT_MS,
  MIN_RING_TIMEOUT_MS,
  RING_TIMEOUT_MS,
} from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { MAX_QUESTIONS } from '../../src/pre-call/limits.ts';
import type { PreCallSettings } from '../../src/pre-call/pre-call.ts';
import { CALL, CALL2, aliceAndBob, established } from '../support/calls.ts';
import { HeldStore } from '../support/held-store.ts';
import { ScriptedOutbound } from '../support/scripted-outbound.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const TIMEOUT_MS = 2_000;

/** A cluster of which each call is asked about. */
function asking(given: Partial<PreCallSettings> = {}) {
  const clock = new VirtualClock({ startAt: Date.now() });
  const outbound = new ScriptedOutbound(clock);
  const settings = {
    url: 'https://app.example.com/before-call',
    secrets: [SECRET],
    timeoutMs: TIMEOUT_MS,
    byDefault: 'deny',
    ...given,
  } as const;
  const store = new HeldStore();
  const cluster = new TestCluster({ clock, store, preCall: { outbound, settings } });
  return { clock, cluster, outbound, store };
}

/** Alice has invited Bob, and the customer's server is asked. */
async function asked(given?: Partial<PreCallSettings>, more: object = {}) {
  const world = asking(given);
  const node = await world.cluster.node();
  const { alice, bob } = await aliceAndBob(world.cluster, node);
  const seq = alice.invite(CALL, 'bob', more);
  await world.cluster.settle();
  return { ...world, node, alice, bob, seq };
}

/** Alice is back with the same device. */
async function back(cluster: TestCluster, node: Parameters<TestCluster['device']>[0]) {
  return cluster.device(node, 'alice', 'alice1', { language: 'en' });
}

test('[PRE1] each invitation is asked about before it is decided, signed, as the caller made it', async () => {
  const more = { media: 'video', content: '{"order":7}', ringTimeoutMs: 20_000, holdable: false };
  const { alice, bob, clock, cluster, outbound, seq } = await asked({}, more);
  const { body, headers, timeoutMs, url } = outbound.last;
  expect([url, timeoutMs]).toEqual(['https://app.example.com/before-call', TIMEOUT_MS]);
  expect(new Webhook(SECRET).verify(body, { ...headers })).toEqual({
    type: 'call.requested',
    timestamp: new Date(clock.now() - 5).toISOString(),
    data: { kind: 'call', call: CALL, caller: { user: 'alice' }, callee: 'bob', ...more },
  });
  expect([alice.answerTo(seq), bob.view(CALL)]).toEqual([undefined, undefined]);
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited', call: CALL });
  expect(bob.view(CALL)).toMatchObject({ media: 'video', content: '{"order":7}' });
  expect(cluster.metrics.of('pre-call allowed')).toBe(1);
});

test('[PRE1] what the caller left out is asked about as it will be', async () => {
  const { outbound } = await asked();
  expect(outbound.question.data).toEqual({
    kind: 'call',
    call: CALL,
    caller: { user: 'alice' },
    callee: 'bob',
    media: 'audio',
    ringTimeoutMs: RING_TIMEOUT_MS,
    holdable: true,
  });
});

test('[PRE2] a denial is refused not-permitted, and there is neither call nor record', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked({ byDefault: 'allow' });
  outbound.last.answer({ decision: 'deny' });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'not-permitted' });
  expect([alice.view(CALL), bob.view(CALL)]).toEqual([undefined, undefined]);
  expect(await cluster.store.records({ user: 'alice', limit: 9 })).toEqual([]);
  expect(await cluster.store.inboxHead('bob')).toBe(0);
  expect(cluster.metrics.of('pre-call denied')).toBe(1);
  alice.invite(CALL2, 'bob');
  await cluster.settle();
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  expect(bob.view(CALL2)).toMatchObject({ state: 'inviting' });
});

test('[PRE3] an altered invitation is the call that both see', async () => {
  const { alice, bob, cluster, outbound } = await asked({}, { media: 'video', content: 'mine' });
  const invitation = { media: 'audio', content: 'theirs', ringTimeoutMs: 5_000, holdable: false };
  outbound.last.answer({ decision: 'allow', invitation: { ...invitation, media: 'audio' } });
  await cluster.settle();
  for (const device of [alice, bob]) {
    expect(device.view(CALL)).toMatchObject({ media: 'audio', content: 'theirs' });
  }
  expect(alice.view(CALL)).toMatchObject({ remainingMs: 5_000 });
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  const held = alice.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  expect(alice.answerTo(held)).toMatchObject({ code: 'not-permitted' });
  expect(cluster.metrics.of('pre-call altered')).toBe(1);
});

test('[PRE3] two invitations that meet do so as they were altered', async () => {
  const { alice, bob, cluster, outbound } = await asked();
  outbound.last.answer({ decision: 'allow', invitation: { content: 'altered' } });
  await cluster.settle();
  bob.invite(CALL2, 'alice', { content: 'mine' });
  await cluster.settle();
  outbound.last.answer({ decision: 'allow', invitation: { content: 'altered too' } });
  await cluster.settle();
  expect(bob.view(CALL)).toMatchObject({ state: 'established', content: 'altered' });
  expect(alice.view(CALL)).toMatchObject({ state: 'established', response: 'altered too' });
});

test('[PRE3] a second call takes the place of the live one as it was altered', async () => {
  const world = asking();
  const node = await world.cluster.node();
  const { cluster, outbound } = world;
  const alice = await cluster.device(node, 'alice', 'alice1', { callWaiting: true });
  const bob = await cluster.device(node, 'bob', 'bob1');
  const carol = await cluster.device(node, 'carol', 'carol1');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  alice.invite(CALL2, 'carol');
  await cluster.settle();
  expect(alice.view(CALL)).not.toHaveProperty('held');
  outbound.last.answer({ decision: 'allow', invitation: { content: 'altered' } });
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ held: true });
  expect(carol.view(CALL2)).toMatchObject({ content: 'altered' });
});

const WITHIN = [
  { ringTimeoutMs: MIN_RING_TIMEOUT_MS },
  { ringTimeoutMs: MAX_RING_TIMEOUT_MS },
  { content: 'x'.repeat(MAX_CONTENT_BYTES) },
];
const BEYOND: readonly (readonly [object | string, string])[] = [
  [{ ringTimeoutMs: MIN_RING_TIMEOUT_MS - 1 }, 'invitation.ringTimeoutMs: must be'],
  [{ ringTimeoutMs: MAX_RING_TIMEOUT_MS + 1 }, 'invitation.ringTimeoutMs: must be'],
  [{ content: 'x'.repeat(MAX_CONTENT_BYTES + 1) }, 'invitation.content: must be'],
  [{ media: 'hologram' }, 'invitation.media: '],
  [{ holdable: 'no' }, 'invitation.holdable: '],
  [{ to: 'carol' }, 'invitation.to: is not a field of this answer'],
  [{ media: 'video' }, 'invitation.media: a caller who asked for sound alone'],
];

test('[PRE4] what is altered is within the limits of the caller’s own', async () => {
  for (const invitation of WITHIN) {
    const { alice, cluster, outbound, seq } = await asked();
    outbound.last.answer({ decision: 'allow', invitation });
    await cluster.settle();
    expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
  }
});

test.each([
  ...BEYOND.map(([invitation, why]) => ({
    status: 200,
    body: JSON.stringify({ decision: 'allow', invitation }),
    why,
  })),
  {
    status: 200,
    body: '{"decision":"allow","reason":"x"}',
    why: 'reason: is not a field of this answer',
  },
  { status: 200, body: '{"decision":"deny","invitation":{}}', why: 'invitation: is not a field' },
  { status: 200, body: '{"decision":"maybe"}', why: 'decision: ' },
  { status: 200, body: '{}', why: 'decision: ' },
  { status: 200, body: 'null', why: 'body: ' },
  { status: 200, body: 'yes', why: 'it is not JSON' },
  { status: 200, body: '', why: 'it is not JSON' },
  { status: 204, body: '{"decision":"allow"}', why: 'status 204' },
  { status: 500, body: '{"decision":"allow"}', why: 'status 500' },
  { status: 302, body: '{"decision":"deny"}', why: 'status 302' },
])(
  '[PRE5] an answer $status $body is none, and the log says $why',
  async ({ status, body, why }) => {
    for (const byDefault of ['allow', 'deny'] as const) {
      const { alice, cluster, outbound, seq } = await asked({ byDefault });
      outbound.last.answer(body, status);
      await cluster.settle();
      const answer = byDefault === 'allow' ? { type: 'invited' } : { code: 'not-permitted' };
      expect(alice.answerTo(seq)).toMatchObject(answer);
      const [line] = cluster.log.lines.filter(({ level }) => level === 'warn');
      expect(line?.fields).toMatchObject({
        call: CALL,
        byDefault,
        why: expect.stringContaining(why),
      });
      expect(cluster.metrics.of('pre-call no-answer')).toBe(1);
    }
  },
);

test('[PRE5] without an answer in time the default is taken, and then alone', async () => {
  for (const byDefault of ['allow', 'deny'] as const) {
    const { alice, clock, cluster, seq } = await asked({ byDefault });
    await clock.advanceAsync(TIMEOUT_MS - 10);
    expect(alice.answerTo(seq)).toBeUndefined();
    await clock.advanceAsync(10);
    const answer = byDefault === 'allow' ? { type: 'invited' } : { code: 'not-permitted' };
    expect(alice.answerTo(seq)).toMatchObject(answer);
    expect(cluster.log.lines).toMatchObject([{ fields: { why: 'timeout' } }]);
  }
});

test('[PRE6] what follows an invitation waits for it, and no other device does', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked();
  const body = { kind: 'text', text: 'hi' } as const;
  const sent = alice.ask({ type: 'send', to: 'bob', body });
  const tablet = await cluster.device(await cluster.node(), 'alice', 'alice2');
  const theirs = tablet.ask({ type: 'send', to: 'bob', body });
  const his = bob.ask({ type: 'send', to: 'alice', body });
  await cluster.settle();
  expect(alice.answerTo(sent)).toBeUndefined();
  expect(tablet.answerTo(theirs)).toMatchObject({ type: 'sent' });
  expect(bob.answerTo(his)).toMatchObject({ type: 'sent' });
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  const answers = alice.heard.flatMap((message) => ('re' in message ? message.re : []));
  expect(answers).toEqual([seq, sent]);
});

test('[PRE7] a cancel withdraws the invitation at once: no call, no record, and nobody is asked any more', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked();
  const cancelled = alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'wrong-state' });
  expect(alice.answerTo(cancelled)).toMatchObject({ code: 'unknown-call' });
  expect(outbound.settled).toBe(1);
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  expect(bob.view(CALL)).toBeUndefined();
  expect(await cluster.store.records({ user: 'alice', limit: 9 })).toEqual([]);
  expect(cluster.metrics.of('pre-call withdrawn')).toBe(1);
});

test('[PRE7] a cancel that comes with its invitation keeps it from being asked about', async () => {
  const { cluster, outbound, store } = asking();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  const goOn = store.holdNextLoad();
  const seq = alice.invite(CALL, 'bob');
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'wrong-state' });
  expect(outbound.posted).toEqual([]);
});

test('[PRE7] a cancel of another call, and one after the answer, do not touch it', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked();
  alice.ask({ type: 'cancel', call: CALL2 });
  await cluster.settle();
  expect(alice.answerTo(seq)).toBeUndefined();
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  const cancelled = alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(alice.answerTo(cancelled)).toMatchObject({ type: 'done' });
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'cancelled' });
});

/** Alice talks with Bob, and has invited Carol beside it. */
async function askedBeside() {
  const world = asking({ byDefault: 'allow' });
  const { clock, cluster, outbound } = world;
  const node = await cluster.node();
  const talking = established(cluster, node);
  await clock.advanceAsync(0);
  while (outbound.posted.length === 0) await clock.advanceAsync(5);
  outbound.last.answer({ decision: 'allow' });
  const { alice, bob } = await talking;
  return { ...world, node, alice, bob };
}

test('[PRE8] an end of another call does not wait for the answer, whether it came before the question or after', async () => {
  for (const isEarly of [true, false]) {
    const { alice, bob, cluster, outbound, store } = await askedBeside();
    alice.ask({ type: 'set-call-waiting', on: true });
    await cluster.settle();
    const goOn = isEarly ? store.holdNextLoad() : () => {};
    const seq = alice.invite(CALL2, 'carol');
    await cluster.settle();
    const ended = alice.ask({ type: 'end', call: CALL });
    await cluster.settle();
    goOn();
    await cluster.settle();
    expect(outbound.posted).toHaveLength(2);
    expect(alice.answerTo(ended)).toMatchObject({ type: 'done' });
    expect(bob.view(CALL)).toMatchObject({ state: 'ended' });
    expect(alice.answerTo(seq)).toBeUndefined();
    outbound.last.answer({ decision: 'allow' });
    await cluster.settle();
    expect(alice.answerTo(seq)).toMatchObject({ type: 'invited', call: CALL2 });
  }
});

test('[PRE9] an invitation repeated after a reconnect takes the question that is under way, and its answer', async () => {
  const { alice, bob, cluster, node, outbound, seq } = await asked();
  alice.wire.drop();
  const again = await back(cluster, node);
  again.say({ type: 'invite', seq, call: CALL, to: 'bob', media: 'audio' });
  await cluster.settle();
  expect(outbound.posted).toHaveLength(1);
  outbound.last.answer({ decision: 'allow', invitation: { content: 'altered' } });
  await cluster.settle();
  expect(again.answerTo(seq)).toMatchObject({ type: 'invited', call: CALL });
  expect(bob.view(CALL)).toMatchObject({ content: 'altered' });
});

test('[PRE9] an answer that came while the device was away counts when it repeats the invitation', async () => {
  for (const decision of ['allow', 'deny'] as const) {
    const { alice, bob, cluster, node, outbound, seq } = await asked();
    alice.wire.drop();
    await cluster.settle();
    outbound.last.answer({ decision });
    await cluster.settle();
    expect(bob.view(CALL)).toBeUndefined();
    const again = await back(cluster, node);
    again.say({ type: 'invite', seq, call: CALL, to: 'bob', media: 'audio' });
    await cluster.settle();
    expect(outbound.posted).toHaveLength(1);
    const answer = decision === 'allow' ? { type: 'invited' } : { code: 'not-permitted' };
    expect(again.answerTo(seq)).toMatchObject(answer);
  }
});

test('[PRE9] another invitation under the same number is asked about by itself', async () => {
  const { alice, cluster, node, outbound, seq } = await asked();
  outbound.last.answer({ decision: 'deny' });
  await cluster.settle();
  alice.wire.drop();
  const again = await back(cluster, node);
  again.say({ type: 'invite', seq, call: CALL, to: 'carol', media: 'audio' });
  await cluster.settle();
  expect(outbound.posted).toHaveLength(2);
  const [first, second] = outbound.posted.map(({ headers }) => headers['webhook-id']);
  expect(first).not.toBe(second);
});

test('[PRE9] a question that had no answer is asked again, under the same id, and an old answer too', async () => {
  const { alice, clock, cluster, outbound, seq } = await asked();
  const again = async () => {
    alice.say({ type: 'invite', seq, call: CALL, to: 'bob', media: 'audio' });
    await cluster.settle();
  };
  await clock.advanceAsync(TIMEOUT_MS);
  await again();
  expect(outbound.posted).toHaveLength(2);
  outbound.last.answer({ decision: 'deny' });
  await cluster.settle();
  await again();
  expect(outbound.posted).toHaveLength(2);
  await clock.advanceAsync(15_000);
  await again();
  expect(outbound.posted).toHaveLength(3);
  expect(new Set(outbound.posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('[PRE10] nobody is asked about what was done, or would be refused anyway', async () => {
  const { alice, cluster, outbound, seq } = await asked();
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  const refused = async (device: TestDevice, call: string, to: string) => {
    const asks = device.invite(call, to);
    await cluster.settle();
    return device.answerTo(asks);
  };
  expect(await refused(alice, CALL2, 'alice')).toMatchObject({ code: 'self-call' });
  expect(await refused(alice, CALL2, 'carol')).toMatchObject({ code: 'caller-busy' });
  expect(await refused(alice, CALL, 'carol')).toMatchObject({ code: 'call-id-taken' });
  alice.heard.length = 0;
  alice.say({ type: 'invite', seq, call: CALL, to: 'bob', media: 'audio' });
  await cluster.settle();
  expect(alice.answerTo(seq)).toEqual({ type: 'invited', re: seq, call: CALL });
  expect(outbound.posted).toHaveLength(1);
});

test('[PRE10] an invitation with an expired token is refused, and nobody is asked', async () => {
  const { clock, cluster, outbound } = asking();
  const node = await cluster.node();
  const alice = await cluster.device(node, `alice until ${clock.now() + 1_000}`, 'alice1');
  await clock.advanceAsync(1_000);
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'forbidden' });
  expect(outbound.posted).toEqual([]);
});

test('[PRE11] beyond MAX_QUESTIONS under way the default is taken at once', async () => {
  const { cluster, outbound } = asking();
  const node = await cluster.node({ isAlone: true });
  for (let i = 0; i < MAX_QUESTIONS; i++) {
    const device = await cluster.device(node, `user${i}`, 'd1');
    device.invite(`call-of-many-user-${i}`, 'bob');
  }
  const alice = await cluster.device(node, 'alice', 'alice1');
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(outbound.posted).toHaveLength(MAX_QUESTIONS);
  expect(alice.answerTo(seq)).toMatchObject({ code: 'not-permitted' });
  expect(cluster.metrics.of('pre-call full')).toBe(1);
  outbound.last.answer({ decision: 'deny' });
  await cluster.settle();
  alice.invite(CALL2, 'bob');
  await cluster.settle();
  expect(outbound.posted).toHaveLength(MAX_QUESTIONS + 1);
});
