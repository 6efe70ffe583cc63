import { OFFLINE_AFTER_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { NO_LOGIN } from '../../src/rtm/no-login.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { Gate } from '../support/gate.ts';
import { ask } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';

const rtm = { invitations: [] };
const beside = { rtm: { ...rtm, beside: true } } as const;
const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
const call = 'call-of-alice-to-bob';

function invite(raised: boolean) {
  return { type: 'invite', call, to: 'bob', media: 'audio', raised } as const;
}

test('[LGN10] a page that speaks RTM asks whether the server is there, and is answered without its store', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const softphone = await cluster.device(node, 'alice', 'alice2');
  gate.fail(['load', 'commit', 'call', 'inbox', 'invitations', 'openInvitations']);
  expect(await ask(cluster, alice, { type: 'rtm-ping' })).toBe('done');
  expect(await ask(cluster, softphone, { type: 'rtm-ping' })).toBe(NO_LOGIN.code);
});

test('[BIS11] a raised call rings on the callee’s pages that speak RTM, and nowhere else', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const other = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const page = await cluster.device(other, 'bob', 'bob1', beside);
  const softphone = await cluster.device(node, 'bob', 'bob2');
  await ask(cluster, alice, invite(true));
  const late = await cluster.device(node, 'bob', 'bob3');
  const latePage = await cluster.device(node, 'bob', 'bob4', beside);
  expect([page, softphone, late, latePage].map((each) => each.view(call)?.state)).toEqual([
    'inviting',
    undefined,
    undefined,
    'inviting',
  ]);
});

test('[BIS11] without such a page the callee is offline', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  await cluster.device(node, 'bob', 'bob2');
  await ask(cluster, alice, invite(true));
  await cluster.clock.advanceAsync(OFFLINE_AFTER_MS);
  expect(alice.view(call)).toMatchObject({ state: 'ended', reason: 'offline' });
});

test('[BIS12] a page that comes is told its invitations before the calls that they were raised to', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const texts = { content: '', channel: '' };
  await ask(cluster, alice, { type: 'rtm-invite', invitation, to: 'bob', ...texts });
  await ask(cluster, bob, { type: 'rtm-accept', invitation, response: '' });
  await ask(cluster, alice, { type: 'rtm-confirm', invitation });
  await ask(cluster, alice, invite(true));
  const anew = await cluster.device(node, 'bob', 'bob2', {
    rtm: { invitations: [{ id: invitation, version: 0 }] },
  });
  const told = anew.heard.map(({ type }) => type);
  const first = told.find((type) => type === 'rtm-invitation' || type === 'call');
  expect([first, anew.view(call)?.state]).toEqual(['rtm-invitation', 'inviting']);
});

test('[BIS13] a page on which nobody looks at calls is as if it were not there', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const page = await cluster.device(node, 'bob', 'bob1', { rtm });
  await ask(cluster, alice, invite(false));
  expect(page.view(call)?.state).toBe('inviting');
  const unseen = { type: 'refuse', call, everywhere: false, unseen: true } as const;
  expect(await ask(cluster, page, unseen)).toBe('done');
  expect(alice.view(call)).toMatchObject({ state: 'inviting', legs: [] });
  expect(page.view(call)?.state).toBe('ended');
  const softphone = await cluster.device(node, 'bob', 'bob2');
  expect(softphone.view(call)?.state).toBe('inviting');
});
