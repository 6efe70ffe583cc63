import { MAX_CONTENT_BYTES } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { PreCallSettings } from '../../src/pre-call/pre-call.ts';
import { ask, backAs, heardOf, rtm } from '../support/rtm.ts';
import { ScriptedOutbound } from '../support/scripted-outbound.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const ID = 'p3V9sLq0YbT7hXnEz5kMcQ';
const INVITE = { type: 'rtm-invite', invitation: ID, to: 'bob', content: 'hi', channel: 'room' };

/** Alice invites Bob barely, and the customer's server is asked. */
async function asked(byDefault: PreCallSettings['byDefault'] = 'deny') {
  const clock = new VirtualClock();
  const outbound = new ScriptedOutbound(clock);
  const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
  const url = 'https://app.example.com/before-call';
  const settings = { url, secrets, timeoutMs: 2_000, byDefault };
  const cluster = new TestCluster({ clock, preCall: { outbound, settings } });
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const seq = alice.ask({ ...INVITE, type: 'rtm-invite' });
  await cluster.settle();
  return { alice, bob, clock, cluster, node, outbound, seq };
}

/** What a page was told of the invitation, view by view. */
function told(page: TestDevice): readonly object[] {
  return heardOf(page, 'rtm-invitation').map(({ invitation }) => invitation);
}

test('[PRE14] a bare invitation is asked about before it is decided, as one', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked();
  expect(outbound.question).toMatchObject({
    type: 'call.requested',
    data: {
      kind: 'invitation',
      invitation: ID,
      caller: { user: 'alice' },
      callee: 'bob',
      content: 'hi',
      channel: 'room',
    },
  });
  expect([alice.answerTo(seq), told(bob)]).toEqual([undefined, []]);
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'done' });
  expect(told(bob)).toMatchObject([{ id: ID, state: 'sent', content: 'hi' }]);
});

test('[PRE14] a denial is refused not-permitted, and nobody hears of it', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked('allow');
  outbound.last.answer({ decision: 'deny' });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'not-permitted' });
  expect([told(alice), told(bob)]).toEqual([[], []]);
  expect(await ask(cluster, alice, { type: 'rtm-cancel', invitation: ID })).toBe(
    'unknown-invitation',
  );
});

test('[PRE14] of what is altered its content counts, within its limit', async () => {
  for (const content of ['theirs', 'x'.repeat(MAX_CONTENT_BYTES)]) {
    const { bob, cluster, outbound } = await asked();
    const invitation = { content, media: 'video', holdable: false } as const;
    outbound.last.answer({ decision: 'allow', invitation });
    await cluster.settle();
    expect(told(bob)).toMatchObject([{ content, channel: 'room' }]);
  }
  const { alice, cluster, outbound, seq } = await asked();
  const content = 'x'.repeat(MAX_CONTENT_BYTES + 1);
  outbound.last.answer({ decision: 'allow', invitation: { content } });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'not-permitted' });
  expect(cluster.log.lines).toMatchObject([{ fields: { invitation: ID, byDefault: 'deny' } }]);
});

test('[PRE14] a cancel withdraws it at once; a ping goes past the question, and nothing else', async () => {
  const { alice, bob, cluster, outbound, seq } = await asked();
  const ping = alice.ask({ type: 'rtm-ping' });
  const join = alice.ask({ type: 'rtm-join', channel: 'room' });
  alice.ask({ type: 'rtm-cancel', invitation: 'another-00000000000001' });
  await cluster.settle();
  expect(alice.answerTo(ping)).toMatchObject({ type: 'done' });
  expect([alice.answerTo(join), alice.answerTo(seq)]).toEqual([undefined, undefined]);
  const cancelled = alice.ask({ type: 'rtm-cancel', invitation: ID });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'wrong-state' });
  expect(alice.answerTo(join)).toMatchObject({ type: 'done' });
  expect(alice.answerTo(cancelled)).toMatchObject({ code: 'unknown-invitation' });
  expect([told(bob), outbound.settled]).toEqual([[], 1]);
});

test('[PRE14] repeated after a reconnect it takes the same question, and once done nobody is asked', async () => {
  const { alice, bob, cluster, node, outbound, seq } = await asked();
  alice.wire.drop();
  const back = await cluster.device(node, 'alice', 'alice1', backAs(alice));
  back.say({ ...INVITE, type: 'rtm-invite', seq });
  await cluster.settle();
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  expect(back.answerTo(seq)).toMatchObject({ type: 'done' });
  expect(await ask(cluster, back, { ...INVITE, type: 'rtm-invite' })).toBe('done');
  expect(await ask(cluster, back, { ...INVITE, to: 'alice', type: 'rtm-invite' })).toBe(
    'invitation-id-taken',
  );
  expect([told(bob).length, outbound.posted.length]).toEqual([1, 1]);
});

test('[PRE14] who says goodbye meanwhile invites nobody', async () => {
  const { alice, bob, cluster, outbound } = await asked();
  alice.wire.client.close(1000, '');
  await cluster.settle();
  outbound.last.answer({ decision: 'allow' });
  await cluster.settle();
  expect(told(bob)).toEqual([]);
});
