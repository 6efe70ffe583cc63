import type { InvitationView, RtmHello } from '@ringline/protocol';
import {
  CONFIRM_TIMEOUT_MS,
  HEARTBEAT_MS,
  INVITATION_LIFE_MS,
  INVITATION_REACH_MS,
  MAX_INCOMING_INVITATIONS,
  MAX_INVITATIONS_TO_ONE,
  RTM_OFFLINE_AFTER_MS,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { MISSED_INVITATIONS_BYTES } from '../../src/gateway/device-rtm.ts';
import type { RinglineNode } from '../../src/node.ts';
import { FORGET_RTM_MS, FORGET_RTM_PORTION, INVITATION_KEPT_MS } from '../../src/rtm/rtm.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { backAs, endNoLogins } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const rtm = { invitations: [] };
const ID = 'p3V9sLq0YbT7hXnEz5kMcQ';
const invitation = ID;

/** A page that speaks RTM. */
function page(
  cluster: TestCluster,
  node: RinglineNode,
  device: string,
  rtm: Partial<RtmHello> = {},
): Promise<TestDevice> {
  const user = device.slice(0, -1);
  return cluster.device(node, user, device, { rtm: { invitations: [], ...rtm } });
}

/** What a page was told of the invitation, view by view. */
function views({ heard }: TestDevice): readonly InvitationView[] {
  return heard.flatMap((message) =>
    message.type === 'rtm-invitation' ? [message.invitation] : [],
  );
}

function states(device: TestDevice): readonly string[] {
  return views(device).map(({ state, failure }) => failure ?? state);
}

async function ask(
  cluster: TestCluster,
  device: TestDevice,
  request: Parameters<TestDevice['ask']>[0],
): Promise<string | undefined> {
  const seq = device.ask(request);
  await cluster.settle();
  const answer = device.answerTo(seq);
  return answer?.type === 'refused' ? answer.code : answer?.type;
}

function invite(cluster: TestCluster, alice: TestDevice, id = ID): Promise<string | undefined> {
  return ask(cluster, alice, {
    type: 'rtm-invite',
    invitation: id,
    to: 'bob',
    content: 'come',
    channel: '',
  });
}

/** Alice and Bob each on a page, on two nodes, and Alice has invited Bob. */
async function invited(nodes = 1) {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const other = nodes === 1 ? node : await cluster.node();
  const alice = await page(cluster, node, 'alice1');
  const bob = await page(cluster, other, 'bob1');
  expect(await invite(cluster, alice)).toBe('done');
  return { cluster, node, other, alice, bob };
}

test('[BIS1] an invitation reaches every page of the callee that speaks RTM, and no other device', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await page(cluster, node, 'alice1');
  const bobs = [
    await page(cluster, node, 'bob1', { beside: true }),
    await page(cluster, node, 'bob2', { beside: true }),
  ];
  const softphone = await cluster.device(node, 'bob', 'bob3');
  await invite(cluster, alice);
  for (const each of bobs) {
    expect(views(each)).toEqual([
      {
        id: ID,
        version: 1,
        side: 'callee',
        peer: 'alice',
        content: 'come',
        channel: '',
        response: '',
        state: 'sent',
        remainingMs: INVITATION_LIFE_MS,
      },
    ]);
  }
  expect(views(softphone)).toEqual([]);
  expect(states(alice)).toEqual(['sent']);
});

test.each([1, 2])(
  '[BIS1] from invitation to acceptance, over %i nodes, with its texts',
  async (nodes) => {
    const { cluster, alice, bob } = await invited(nodes);
    expect(await ask(cluster, bob, { type: 'rtm-receive', invitation })).toBe('done');
    expect(await ask(cluster, bob, { type: 'rtm-accept', invitation, response: 'yes' })).toBe(
      'done',
    );
    expect(await ask(cluster, alice, { type: 'rtm-confirm', invitation })).toBe('done');
    const expected = ['sent', 'received', 'accepting', 'accepted'];
    expect([states(alice), states(bob)]).toEqual([expected, expected]);
    expect(views(alice).at(-1)).toMatchObject({ response: 'yes', answeredBy: 'bob1' });
    expect(cluster.metrics.of('invitation accepted')).toBe(1);
  },
);

test.each([
  ['sent', 'bob', []],
  ['received', 'alice', [{ type: 'rtm-receive', invitation }]],
  ['accepting', 'alice', [{ type: 'rtm-accept', invitation, response: '' }]],
  ['refused', 'bob', [{ type: 'rtm-refuse', invitation, response: '' }]],
] as const)('[BIS2] of %s the first to be told is %s', async (state, first, commands) => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await page(cluster, node, 'alice1');
  const bob = await page(cluster, node, 'bob1');
  const order: string[] = [];
  for (const user of ['alice', 'bob']) {
    cluster.bus.subscribe(user, (delivery) => {
      if (delivery.kind === 'invitation' && delivery.invitation.state === state) order.push(user);
    });
  }
  await invite(cluster, alice);
  for (const command of commands) await ask(cluster, bob, command);
  expect(order).toEqual(first === 'bob' ? ['bob', 'alice'] : ['alice', 'bob']);
});

test('[BIS2] of what was confirmed the caller is told first, of what was taken back the callee', async () => {
  for (const [commands, state, expected] of [
    [['rtm-accept', 'rtm-confirm'], 'accepted', ['alice', 'bob']],
    [['rtm-cancel'], 'cancelled', ['bob', 'alice']],
  ] as const) {
    const { cluster, alice, bob } = await invited();
    const order: string[] = [];
    for (const user of ['alice', 'bob']) {
      cluster.bus.subscribe(user, (delivery) => {
        if (delivery.kind === 'invitation' && delivery.invitation.state === state) {
          order.push(user);
        }
      });
    }
    for (const type of commands) {
      if (type === 'rtm-accept') await ask(cluster, bob, { type, invitation, response: '' });
      else await ask(cluster, alice, { type, invitation });
    }
    expect([state, order]).toEqual([state, expected]);
  }
});

test('[BIS3] a callee who comes within the time is asked, and the caller learns that it has it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await page(cluster, node, 'alice1');
  await invite(cluster, alice);
  await cluster.clock.advanceAsync(INVITATION_REACH_MS - 1_000);
  const bob = await page(cluster, node, 'bob1');
  expect(states(bob)).toEqual(['sent']);
  await ask(cluster, bob, { type: 'rtm-receive', invitation });
  expect(states(alice)).toEqual(['sent', 'received']);
});

test('[BIS3] a page that was away is told what is newer, what ended, and what is not known', async () => {
  const { cluster, node, alice, bob } = await invited();
  const ended = 'ended-0000000000000001';
  await invite(cluster, alice, ended);
  bob.wire.drop();
  await cluster.settle();
  await ask(cluster, alice, { type: 'rtm-cancel', invitation: ended });
  const unknown = 'never-0000000000000001';
  const held = [ID, ended, unknown].map((id) => ({ id, version: 1 }));
  const rtm = { invitations: held };
  const back = await cluster.device(node, 'bob', 'bob1', { ...backAs(bob), rtm });
  expect(back.welcome?.rtm).toEqual({ gone: [unknown], resumed: true });
  expect(views(back).map(({ id, state }) => [id, state])).toEqual([[ended, 'cancelled']]);
  const carol = await page(cluster, node, 'carol1', { invitations: held });
  expect(carol.welcome?.rtm?.gone).toEqual([ID, ended, unknown]);
  expect(views(carol)).toEqual([]);
});

test('[BIS3] the caller’s page that was loaded anew finds what it has open', async () => {
  const { cluster, node, alice } = await invited();
  alice.wire.drop();
  const anew = await page(cluster, node, 'alice2');
  expect(views(anew)).toMatchObject([{ id: ID, side: 'caller', state: 'sent' }]);
  expect(await ask(cluster, anew, { type: 'rtm-cancel', invitation })).toBe('done');
});

test('[BIS10] a page that comes is told all its open ones by and by, the newest first, and keeps its connection', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const content = '\u0001'.repeat(8 * 1024);
  const own = await page(cluster, node, 'bob1');
  await ask(cluster, own, { type: 'rtm-invite', invitation, to: 'alice', content, channel: '' });
  own.wire.drop();
  const ids: string[] = [];
  for (let i = 0; i < MAX_INCOMING_INVITATIONS / MAX_INVITATIONS_TO_ONE; i++) {
    const caller = await page(cluster, node, `caller ${i}-`);
    for (let j = 0; j < MAX_INVITATIONS_TO_ONE; j++) {
      const id = `from-${i}-${j}`.padEnd(22, '_');
      ids.push(id);
      const texts = { content, channel: '' };
      await ask(cluster, caller, { type: 'rtm-invite', invitation: id, to: 'bob', ...texts });
    }
    const more = { invitation: 'one-more-00000000000', to: 'bob', content: '', channel: '' };
    expect(await ask(cluster, caller, { type: 'rtm-invite', ...more })).toBe(
      'too-many-invitations',
    );
  }
  const late = await page(cluster, node, 'late1');
  expect(await invite(cluster, late, 'one-more-00000000000')).toBe('too-many-invitations');
  const bob = await page(cluster, node, 'bob1');
  const told = () => views(bob).map(({ id }) => id);
  expect(told()).toEqual(ids.slice(-told().length));
  const frame = Buffer.byteLength(JSON.stringify(views(bob)[0]));
  expect(told().length * frame).toBeLessThan(MISSED_INVITATIONS_BYTES + frame);
  for (let i = 0; i < 10; i++) {
    const held = views(bob).map(({ id, version }) => ({ id, version }));
    bob.say({ type: 'heartbeat', calls: [], rtm: { invitations: held } });
    await cluster.settle();
  }
  expect(new Set(told())).toEqual(new Set([ID, ...ids]));
  expect(told()).toHaveLength(ids.length + 1);
  expect(bob.closedWith).toBeUndefined();
});

test('[BIS4] what the bus lost is told with the next heartbeat', async () => {
  const { cluster, alice, bob } = await invited();
  await ask(cluster, bob, { type: 'rtm-receive', invitation });
  const before = views(alice).length;
  alice.say({ type: 'heartbeat', calls: [], rtm: { invitations: [{ id: ID, version: 1 }] } });
  await cluster.settle();
  expect(alice.heard.at(-1)).toMatchObject({ type: 'alive', rtm: { gone: [] } });
  // It had been told already, over the same connection.
  expect(views(alice)).toHaveLength(before);
  const lossy = new TestCluster();
  const node = await lossy.node();
  const carol = await page(lossy, node, 'carol1');
  const dave = await page(lossy, node, 'bob1');
  lossy.bus.publish = () => undefined;
  await invite(lossy, carol);
  expect(states(dave)).toEqual([]);
  dave.say({ type: 'heartbeat', calls: [], rtm: { invitations: [] } });
  await lossy.settle();
  expect(states(dave)).toEqual(['sent']);
});

test('[BIS4] what was read before an end is not told after it, nor is the end told twice', async () => {
  const { cluster, alice, bob } = await invited();
  const open = cluster.store.openInvitations.bind(cluster.store);
  cluster.store.openInvitations = async (...asked) => {
    const found = await open(...asked);
    await new Promise<void>((resolve) => void cluster.clock.after(20, resolve));
    return found;
  };
  const held = {
    type: 'heartbeat',
    calls: [],
    rtm: { invitations: [{ id: ID, version: 1 }] },
  } as const;
  bob.say({ ...held, rtm });
  await cluster.clock.advanceAsync(5);
  await ask(cluster, alice, { type: 'rtm-cancel', invitation });
  expect(states(bob)).toEqual(['sent', 'cancelled']);
  await cluster.clock.advanceAsync(20);
  bob.say(held);
  await cluster.clock.advanceAsync(25);
  expect(states(bob)).toEqual(['sent', 'cancelled']);
});

test('[BIS5] an invitation fails to the moment, for whoever is there', async () => {
  const { cluster, alice, bob } = await invited();
  await cluster.clock.advanceAsync(INVITATION_REACH_MS - 100);
  expect(states(alice)).toEqual(['sent']);
  await cluster.clock.advanceAsync(100);
  expect([states(alice).at(-1), states(bob).at(-1)]).toEqual(['no-response', 'no-response']);
});

test('[BIS5] nobody there, nobody answers, nobody confirms: each has its reason', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await page(cluster, node, 'alice1');
  await cluster.device(node, 'bob', 'bob3');
  await invite(cluster, alice);
  await cluster.clock.advanceAsync(INVITATION_REACH_MS);
  expect(states(alice).at(-1)).toBe('peer-offline');

  const answered = await invited();
  await ask(answered.cluster, answered.bob, { type: 'rtm-receive', invitation });
  await answered.cluster.clock.advanceAsync(INVITATION_LIFE_MS);
  expect(states(answered.bob).at(-1)).toBe('expired');

  const accepted = await invited();
  await ask(accepted.cluster, accepted.bob, { type: 'rtm-accept', invitation, response: '' });
  await accepted.cluster.clock.advanceAsync(CONFIRM_TIMEOUT_MS);
  expect(states(accepted.bob).at(-1)).toBe('not-confirmed');
});

test('[BIS5] the deadline of a node that died is kept by another', async () => {
  const { cluster, node, other, alice, bob } = await invited(2);
  await page(cluster, other, 'alice2', { beside: true });
  await cluster.clock.untilSettled(node.stop());
  await cluster.settle();
  expect(alice.closedWith).toBe(4503);
  await cluster.clock.advanceAsync(INVITATION_REACH_MS + 2_000);
  expect(states(bob).at(-1)).toBe('no-response');
});

test('[BIS6] nobody is asked on for a caller who has gone for good', async () => {
  const { cluster, alice, bob } = await invited();
  await ask(cluster, bob, { type: 'rtm-receive', invitation });
  alice.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS - 100);
  expect(states(bob)).toEqual(['sent', 'received']);
  await cluster.clock.advanceAsync(200);
  expect(states(bob).at(-1)).toBe('caller-gone');
});

test('[BIS6] nor for one who said goodbye, at once; but for one whose other page is there', async () => {
  const { cluster, node, alice, bob } = await invited();
  alice.wire.client.close(1000, '');
  await cluster.settle();
  expect(states(bob)).toEqual(['sent', 'cancelled']);

  const one = await page(cluster, node, 'carol1', { beside: true });
  await page(cluster, node, 'carol2', { beside: true });
  await invite(cluster, one, 'carols-000000000000001');
  one.wire.client.close(1000, '');
  await cluster.settle();
  expect(states(bob).at(-1)).toBe('sent');
});

test('[BIS6] who says goodbye while its cancels wait has cancelled all', async () => {
  const { cluster, alice, bob } = await invited();
  const ids = ['one', 'two', 'three'].map((name) => `${name}-0000000000000001`);
  for (const id of ids) await invite(cluster, alice, id);
  const load = cluster.store.load.bind(cluster.store);
  cluster.store.load = async (...asked) => {
    await new Promise<void>((resolve) => void cluster.clock.after(5, resolve));
    return load(...asked);
  };
  for (const id of ids) alice.ask({ type: 'rtm-cancel', invitation: id });
  alice.wire.client.close(1000, '');
  await cluster.clock.advanceAsync(1_000);
  const ends = views(bob).filter(({ state }) => state !== 'sent');
  expect(new Set(ends.map(({ id }) => id))).toEqual(new Set([ID, ...ids]));
  expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['cancelled']));
});

test.each([undefined, {}])(
  '[BIS6] who says goodbye and comes again at once has taken back what it asked, with RTM: %s',
  async (rtm) => {
    const { cluster, node, alice, bob } = await invited();
    const resumeEnds = endNoLogins(cluster);
    alice.wire.client.close(1000, '');
    const again = rtm && { rtm: { invitations: [] } };
    const back = await cluster.device(node, 'alice', 'alice1', again);
    resumeEnds();
    await cluster.clock.advanceAsync(1_000);
    expect([back.closedWith, states(bob)]).toEqual([undefined, ['sent', 'cancelled']]);
  },
);

test('[BIS7] what is over is kept for a while, and forgotten in portions', async () => {
  const { cluster, alice } = await invited();
  await ask(cluster, alice, { type: 'rtm-cancel', invitation });
  await cluster.clock.advanceAsync(INVITATION_KEPT_MS - HEARTBEAT_MS);
  expect(await cluster.clock.untilSettled(cluster.store.invitations([ID]))).toHaveLength(1);
  await cluster.clock.advanceAsync(HEARTBEAT_MS + FORGET_RTM_MS);
  expect(await cluster.clock.untilSettled(cluster.store.invitations([ID]))).toEqual([]);
});

test('[BIS7] more than a portion is forgotten in one round, and a store that is away does no harm', async () => {
  const asked: number[] = [];
  class Counting extends MemoryStore {
    override async forgetInvitations(before: number, limit: number): Promise<number> {
      asked.push(limit);
      if (asked.length === 1) throw new Error('away');
      await super.forgetInvitations(before, limit);
      return asked.length === 2 ? limit : 0;
    }
  }
  const cluster = new TestCluster({ store: new Counting() });
  await cluster.node({ isAlone: true });
  await cluster.clock.advanceAsync(FORGET_RTM_MS);
  expect(asked).toEqual([FORGET_RTM_PORTION]);
  await cluster.clock.advanceAsync(FORGET_RTM_MS);
  expect(asked).toHaveLength(3);
});

test('[BIS8] an expired token may not invite, and is told of no invitation', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const until = cluster.clock.now() + 10_000;
  const alice = await page(cluster, node, 'alice1');
  const bob = await cluster.socket(node);
  bob.hello(`bob until ${until}`, 'bob1', { rtm: { invitations: [] } });
  await cluster.clock.advanceAsync(10_001);
  await invite(cluster, alice);
  expect(states(bob)).toEqual([]);
  expect(await ask(cluster, bob, { type: 'rtm-receive', invitation })).toBe('forbidden');
});

test('[BIS8] an expired token still takes back, refuses and confirms', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const until = cluster.clock.now() + 2_000;
  const [alice, bob] = await Promise.all([cluster.socket(node), cluster.socket(node)]);
  alice.hello(`alice until ${until}`, 'alice1', { rtm: { invitations: [] } });
  bob.hello(`bob until ${until}`, 'bob1', { rtm: { invitations: [] } });
  await cluster.settle();
  const ids = ['taken-back-0000000001', 'refused-000000000001', 'confirmed-0000000001'];
  for (const id of ids) await invite(cluster, alice, id);
  const [one = '', two = '', three = ''] = ids;
  await ask(cluster, bob, { type: 'rtm-accept', invitation: three, response: '' });
  await cluster.clock.advanceAsync(until - cluster.clock.now() + 1);
  const done = [
    await ask(cluster, alice, { type: 'rtm-cancel', invitation: one }),
    await ask(cluster, bob, { type: 'rtm-refuse', invitation: two, response: '' }),
    await ask(cluster, alice, { type: 'rtm-confirm', invitation: three }),
    await ask(cluster, bob, { type: 'rtm-accept', invitation: two, response: '' }),
  ];
  expect(done).toEqual(['done', 'done', 'done', 'forbidden']);
});

test('[BIS9] a command that comes again over a new connection is not done twice', async () => {
  const { cluster, node, alice, bob } = await invited();
  alice.wire.drop();
  const { resumeKey } = alice.welcome ?? {};
  const back = await cluster.device(node, 'alice', 'alice1', {
    resumeKey,
    rtm: { invitations: [{ id: ID, version: 1 }] },
  });
  back.say({
    type: 'rtm-invite',
    seq: 1,
    invitation,
    to: 'bob',
    content: 'come',
    channel: '',
  });
  await cluster.settle();
  expect(back.answerTo(1)?.type).toBe('done');
  expect(states(bob)).toEqual(['sent']);
});
