import { expect, test } from 'vitest';
import { PRESENCE_BATCH_MS } from '../../src/presence/watched-users.ts';
import { verify } from '../../src/verify/verify.ts';
import { CALL, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';

const HOLD = { type: 'hold', call: CALL } as const;
const REQUEST = { type: 'request-video', call: CALL } as const;

/** What a device's request is answered with. */
async function answer(
  cluster: TestCluster,
  device: TestDevice,
  request: Parameters<TestDevice['ask']>[0],
) {
  const seq = device.ask(request);
  await cluster.settle();
  return device.answerTo(seq);
}

/** Alice and Bob talk; Alice's token denies her something. */
async function talkWithout(cluster: TestCluster, denied: 'hold' | 'addVideo') {
  const node = await cluster.node();
  const alice = await cluster.device(node, `alice without ${denied}`, 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  return { alice, bob };
}

test('[POL1] where the server denies holds nobody holds, and the call goes on', async () => {
  const cluster = new TestCluster({ policy: { ...PERMISSIVE, hold: false } });
  const { alice, bob } = await established(cluster, await cluster.node());
  expect(await answer(cluster, alice, HOLD)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, bob, HOLD)).toMatchObject({ code: 'not-permitted' });
  expect(bob.view(CALL)).toMatchObject({ state: 'established' });
  expect(await answer(cluster, alice, REQUEST)).toMatchObject({ type: 'done' });
});

test('[POL1] where the server denies pictures nobody asks for one', async () => {
  const cluster = new TestCluster({ policy: { ...PERMISSIVE, addVideo: false } });
  const { alice, bob } = await established(cluster, await cluster.node());
  expect(await answer(cluster, alice, REQUEST)).toMatchObject({ code: 'not-permitted' });
  expect(bob.view(CALL)).not.toHaveProperty('videoRequest');
  expect(await answer(cluster, bob, HOLD)).toMatchObject({ type: 'done' });
});

test('[POL2] a token denies it to its user alone', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await talkWithout(cluster, 'hold');
  expect(await answer(cluster, alice, HOLD)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, bob, HOLD)).toMatchObject({ type: 'done' });
});

test('[POL2] a renewed token counts from then on', async () => {
  const cluster = new TestCluster();
  const { alice } = await talkWithout(cluster, 'hold');
  await answer(cluster, alice, { type: 'renew-token', token: 'alice' });
  expect(await answer(cluster, alice, HOLD)).toMatchObject({ type: 'done' });
});

test('[POL2] a token cannot permit what the server denies', async () => {
  const cluster = new TestCluster({ policy: { ...PERMISSIVE, hold: false } });
  const { alice } = await talkWithout(cluster, 'addVideo');
  expect(await answer(cluster, alice, HOLD)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, alice, REQUEST)).toMatchObject({ code: 'not-permitted' });
});

test('[POL3] a call that was invited as not holdable is held by neither party', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  alice.invite(CALL, 'bob', { holdable: false });
  await cluster.settle();
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  expect(await answer(cluster, alice, HOLD)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, bob, HOLD)).toMatchObject({ code: 'not-permitted' });
});

test('[POL4] a request is answered, and a picture removed, by one who may not ask', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await talkWithout(cluster, 'addVideo');
  await answer(cluster, bob, REQUEST);
  const accept = { type: 'answer-video', call: CALL, accept: true } as const;
  expect(await answer(cluster, alice, accept)).toMatchObject({ type: 'done' });
  expect(bob.view(CALL)).toMatchObject({ media: 'video' });
  const remove = { type: 'remove-video', call: CALL } as const;
  expect(await answer(cluster, alice, remove)).toMatchObject({ type: 'done' });
  expect(bob.view(CALL)).toMatchObject({
    media: 'audio',
    videoEnd: { why: 'removed', by: 'peer' },
  });
});

test('[POL4] a hold is resumed by one who may not hold any more', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await answer(cluster, alice, HOLD);
  await answer(cluster, alice, { type: 'renew-token', token: 'alice without hold' });
  expect(await answer(cluster, alice, { type: 'resume', call: CALL })).toMatchObject({
    type: 'done',
  });
  expect(bob.view(CALL)).not.toHaveProperty('peerHolds');
});

const WATCH = { type: 'watch', users: ['bob'] } as const;
const QUERY = { type: 'query-presence', users: ['bob'] } as const;

test('[POL10] where the server denies it nobody sees who is there; an empty list ends nothing and is taken', async () => {
  const cluster = new TestCluster({ policy: { ...PERMISSIVE, presence: false } });
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  await cluster.device(node, 'bob', 'bob1');
  expect(await answer(cluster, alice, WATCH)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, alice, QUERY)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, alice, { ...WATCH, users: [] })).toMatchObject({ type: 'done' });
  expect(alice.presences).toEqual([]);
});

test('[POL10] a token denies it to its user alone; a new one tells nothing more, and another all again', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const carol = await cluster.device(node, 'carol without presence', 'carol1');
  expect(await answer(cluster, carol, WATCH)).toMatchObject({ code: 'not-permitted' });
  expect(await answer(cluster, alice, WATCH)).toMatchObject({ type: 'done' });
  await answer(cluster, alice, { type: 'renew-token', token: 'alice without presence' });
  await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(PRESENCE_BATCH_MS + 10);
  expect(alice.presences).toMatchObject([{ user: 'bob', state: 'offline' }]);
  await answer(cluster, alice, { type: 'renew-token', token: 'alice' });
  expect(alice.presence('bob')).toMatchObject({ state: 'online' });
});

test('[PRS12] where presence is denied RTM still tells what comes of what one does', async () => {
  const cluster = new TestCluster({ policy: { ...PERMISSIVE, presence: false } });
  const node = await cluster.node();
  const rtm = { invitations: [] };
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  expect(await answer(cluster, alice, QUERY)).toMatchObject({ code: 'not-permitted' });
  const of = { kind: 'user', user: 'bob' } as const;
  const message = 'message-0000000001';
  const body = { kind: 'text', text: 'hello' } as const;
  const asked = [
    { type: 'rtm-get-attributes', of },
    { type: 'rtm-send', message, to: 'bob', body },
    { type: 'rtm-join', channel: 'room' },
    { type: 'rtm-members', channel: 'room' },
  ] as const;
  const answers = [];
  for (const request of asked) answers.push(await answer(cluster, alice, request));
  expect(answers).toMatchObject([
    { code: 'unknown-user' },
    { type: 'rtm-sent', received: false },
    { type: 'done' },
    { type: 'rtm-members-found', members: ['alice'] },
  ]);
  await cluster.device(node, 'bob', 'bob1', { rtm });
  expect(await answer(cluster, alice, asked[0])).toMatchObject({ attributes: [] });
  expect(await answer(cluster, alice, WATCH)).toMatchObject({ code: 'not-permitted' });
});

test('[POL11] where the server or a token denies RTM no page speaks it, and a device that does not is let in', async () => {
  const rtm = { invitations: [] };
  for (const [policy, token] of [
    [{ ...PERMISSIVE, rtm: false }, 'alice'],
    [PERMISSIVE, 'alice without rtm'],
  ] as const) {
    const cluster = new TestCluster({ policy });
    const node = await cluster.node();
    const page = await cluster.device(node, token, 'alice1', { rtm });
    expect([page.closedWith, page.welcome]).toEqual([4403, undefined]);
    const phone = await cluster.device(node, token, 'alice2');
    expect([phone.closedWith, phone.welcome?.rtm]).toEqual([undefined, undefined]);
  }
});

test('[POL11] a renewed token that denies RTM ends the connection of a page that speaks it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const page = await cluster.device(node, 'alice', 'alice1', { rtm: { invitations: [] } });
  const phone = await cluster.device(node, 'alice', 'alice2');
  const renew = { type: 'renew-token', token: 'alice without rtm' } as const;
  await answer(cluster, page, renew);
  expect(await answer(cluster, phone, renew)).toMatchObject({ type: 'done' });
  expect([page.closedWith, phone.closedWith]).toEqual([4403, undefined]);
});

/** Who has the record of a call that Alice made and took back, as a message. */
async function recordLiesWith(
  cluster: TestCluster,
  tokens: { readonly alice: string; readonly bob: string },
  more: object = {},
): Promise<readonly string[]> {
  const node = await cluster.node();
  const alice = await cluster.device(node, tokens.alice, 'alice1');
  await cluster.device(node, tokens.bob, 'bob1');
  alice.invite(CALL, 'bob', more);
  await cluster.settle();
  await answer(cluster, alice, { type: 'cancel', call: CALL });
  expect(await cluster.store.records({ user: 'bob', limit: 1 })).toHaveLength(1);
  expect(await cluster.store.records({ user: 'alice', limit: 1 })).toHaveLength(1);
  const inboxes = await Promise.all(
    ['alice', 'bob'].map((user) => cluster.store.inbox(user, 0, 9)),
  );
  expect(await verify(cluster.store, (flaw) => expect(flaw).toBe(''))).toMatchObject({ flaws: 0 });
  return ['alice', 'bob'].filter((_, i) => inboxes[i]?.length === 1);
}

test('[POL8] with RECORD_MESSAGES=off records are kept, and lie in no inbox', async () => {
  const policy = { ...PERMISSIVE, recordMessages: false };
  const tokens = { alice: 'alice', bob: 'bob' };
  expect(await recordLiesWith(new TestCluster({ policy }), tokens)).toEqual([]);
  expect(await recordLiesWith(new TestCluster(), tokens)).toEqual(['alice', 'bob']);
});

test('[POL8] a token denies it to its user, an invitation to both of that call', async () => {
  const without = 'bob without recordMessages';
  const tokens = { alice: 'alice', bob: without };
  expect(await recordLiesWith(new TestCluster(), tokens)).toEqual(['alice']);
  const caller = { alice: 'alice without recordMessages', bob: 'bob' };
  expect(await recordLiesWith(new TestCluster(), caller)).toEqual(['bob']);
  const plain = { alice: 'alice', bob: 'bob' };
  expect(await recordLiesWith(new TestCluster(), plain, { recordMessage: false })).toEqual([]);
});
