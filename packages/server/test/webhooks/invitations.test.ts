import {
  CONFIRM_TIMEOUT_MS,
  INVITATION_LIFE_MS,
  INVITATION_REACH_MS,
  RTM_OFFLINE_AFTER_MS,
} from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/store/outbox.ts';
import { RETRY_DELAYS_MS } from '../../src/webhooks/back-off.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { ask, rtm } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const URL = 'https://backend.example.com/hook';
const KEEP_MS = 86_400_000;
const ID = 'p3V9sLq0YbT7hXnEz5kMcQ';
const invitation = ID;
const SENT = 'invitation.sent';
const ENDED = 'invitation.ended';

/** Alice on a page that speaks RTM, and who receives what is told. */
async function told(configured: readonly Endpoint[] = [endpointAt(URL)]) {
  const clock = new VirtualClock();
  const receiver = new Receiver(clock);
  const webhooks = { outbound: receiver, configured, keepMs: KEEP_MS };
  const cluster = new TestCluster({ clock, webhooks });
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  return { cluster, receiver, node, alice };
}

/** And Bob on another, whom she has invited. */
async function invited() {
  const all = await told();
  const bob = await all.cluster.device(all.node, 'bob', 'bob1', { rtm });
  await invite(all.cluster, all.alice);
  return { ...all, bob };
}

async function invite(cluster: TestCluster, by: TestDevice, id = ID): Promise<void> {
  const content = 'coffee?';
  const asked = { type: 'rtm-invite', invitation: id, to: 'bob', content, channel: 'c' } as const;
  expect(await ask(cluster, by, asked)).toBe('done');
  await cluster.clock.advanceAsync(50);
}

async function act(
  cluster: TestCluster,
  device: TestDevice,
  request: Parameters<TestDevice['ask']>[0],
): Promise<void> {
  expect(await ask(cluster, device, request)).toBe('done');
  await cluster.clock.advanceAsync(50);
}

describe('who is told of what', () => {
  test('[WHK14] an invitation is told when it is sent and when it has ended, numbered', async () => {
    const { cluster, receiver, alice, bob } = await invited();
    await act(cluster, bob, { type: 'rtm-receive', invitation });
    await act(cluster, bob, { type: 'rtm-accept', invitation, response: 'gladly' });
    expect(receiver.types()).toEqual([SENT]);
    await act(cluster, alice, { type: 'rtm-confirm', invitation });
    const about = {
      invitation,
      caller: { user: 'alice' },
      callee: { user: 'bob' },
      content: 'coffee?',
      channel: 'c',
      sentAt: expect.any(Number),
    };
    expect(receiver.events()).toMatchObject([
      { type: SENT, data: { ...about, sequence: 1, offline: false } },
      { type: ENDED, data: { ...about, sequence: 2, outcome: 'accepted', response: 'gladly' } },
    ]);
  });

  test('[WHK14] `offline` says that no page that speaks RTM can be reached, so that a backend can push', async () => {
    const { cluster, receiver, node, alice } = await told();
    await cluster.device(node, 'bob', 'softphone');
    await invite(cluster, alice);
    const page = await cluster.device(node, 'bob', 'bob1', { rtm });
    await invite(cluster, alice, 'another-invitation-01');
    page.wire.drop();
    await cluster.settle();
    await invite(cluster, alice, 'another-invitation-02');
    const isOffline = receiver.events().map(({ data }) => data['offline']);
    expect(isOffline).toEqual([true, false, true]);
  });

  test.each([
    ['refused', (bob: TestDevice) => bob, { type: 'rtm-refuse', invitation, response: '' }],
    ['cancelled', (_: TestDevice, alice: TestDevice) => alice, { type: 'rtm-cancel', invitation }],
  ] as const)('[WHK14] %s is told once, also when it is said again', async (outcome, by, said) => {
    const { cluster, receiver, alice, bob } = await invited();
    for (let i = 0; i < 2; i++) await act(cluster, by(bob, alice), said);
    expect(receiver.types()).toEqual([SENT, ENDED]);
    expect(receiver.events()[1]?.data).toMatchObject({ outcome });
  });

  test.each([
    ['no-response', [], INVITATION_REACH_MS],
    ['expired', [{ type: 'rtm-receive', invitation }], INVITATION_LIFE_MS],
    ['not-confirmed', [{ type: 'rtm-accept', invitation, response: '' }], CONFIRM_TIMEOUT_MS],
  ] as const)('[WHK14] it is told that time ended it: %s', async (failure, said, ms) => {
    const { cluster, receiver, bob } = await invited();
    for (const each of said) await act(cluster, bob, each);
    await cluster.clock.advanceAsync(ms + 100);
    expect(receiver.types()).toEqual([SENT, ENDED]);
    const { data } = receiver.events()[1]!;
    expect(data).toMatchObject({ outcome: 'failed', failure, sequence: 2 });
  });

  test('[WHK14] so it is that its caller is gone', async () => {
    const { cluster, receiver, alice, bob } = await invited();
    await act(cluster, bob, { type: 'rtm-receive', invitation });
    alice.wire.drop();
    await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 1_000);
    expect(receiver.events()[1]?.data).toMatchObject({ failure: 'caller-gone' });
  });

  test('[WHK3] an invitation that was refused, or is sent again, tells nothing', async () => {
    const { cluster, receiver, alice } = await invited();
    const again = { type: 'rtm-invite', invitation, content: '', channel: '' } as const;
    expect(await ask(cluster, alice, { ...again, to: 'bob' })).toBe('done');
    expect(await ask(cluster, alice, { ...again, to: 'carol' })).toBe('invitation-id-taken');
    await cluster.clock.advanceAsync(50);
    expect(receiver.types()).toEqual([SENT]);
  });

  test('[WHK2] who has not asked for it is not told, and then nothing is kept', async () => {
    const netease = {
      format: 'netease',
      appKey: 'key',
      appSecret: 'secret',
      only200: false,
      forms: null,
    } as const;
    const others = [
      endpointAt(URL, { events: ['call.ended'] }),
      endpointAt('https://copy.example.com/', netease),
    ];
    const { cluster, alice } = await told(others);
    await invite(cluster, alice);
    expect(await cluster.store.deliveries({ limit: 10 })).toEqual([]);
  });
});

describe('in which order', () => {
  test('[WHK14] an end waits for its beginning, and no other invitation does; nor does a call of the same id', async () => {
    const { cluster, receiver, alice } = await invited();
    await act(cluster, alice, { type: 'rtm-cancel', invitation });
    const before = receiver.received.length;
    receiver.react = ({ body }) => (body.includes(SENT) ? 503 : 204);
    await invite(cluster, alice, 'another-invitation-01');
    await act(cluster, alice, { type: 'rtm-cancel', invitation: 'another-invitation-01' });
    alice.invite('another-invitation-01', 'nobody');
    await cluster.clock.advanceAsync(50);
    const types = () => receiver.types().slice(before);
    expect(types()).toEqual([SENT, 'call.invited']);
    expect(receiver.events().at(-1)?.data).toMatchObject({ sequence: 1 });
    receiver.react = () => 204;
    await cluster.clock.advanceAsync(2 * (RETRY_DELAYS_MS[0] ?? 0));
    expect(types()).toEqual([SENT, 'call.invited', SENT, ENDED]);
  });

  test('[WHK10] what was told of an invitation is kept while it is open', async () => {
    const { cluster, receiver, alice } = await invited();
    const { count } = await cluster.store.forgetEvents(Number.MAX_SAFE_INTEGER, { limit: 10 });
    expect(count).toBe(0);
    await act(cluster, alice, { type: 'rtm-cancel', invitation });
    expect(receiver.events()[1]?.data).toMatchObject({ outcome: 'cancelled', sequence: 2 });
    const over = await cluster.store.forgetEvents(Number.MAX_SAFE_INTEGER, { limit: 10 });
    expect(over.count).toBe(2);
  });
});
