import { PING_RTM_MS, RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { NO_LOGIN } from '../../src/rtm/no-login.ts';
import { bound, commit } from '../store/builders.ts';
import { answerTo, ask, backAs, endNoLogins, heardOf } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const rtm = { invitations: [] };

const mood = { kind: 'user', user: 'alice' } as const;
const readMood = { type: 'rtm-get-attributes', of: mood } as const;
const setMood = {
  type: 'rtm-set-attributes',
  of: mood,
  replace: false,
  set: [{ key: 'mood', value: 'good' }],
  remove: [],
  notify: false,
} as const;

/** The devices of Alice that have a login. */
async function logins({ clock, store }: TestCluster): Promise<readonly string[]> {
  const { rtm: found } = await clock.untilSettled(
    store.load({ users: [], rtm: { loginsOf: 'alice' } }),
  );
  return (found?.logins ?? []).map(({ device }) => device);
}

/** When Alice's login at this device ends. */
async function endOf({ clock, store }: TestCluster, device: string): Promise<number | null> {
  const { actor } = await clock.untilSettled(
    store.load({ users: [], actor: { user: 'alice', device } }),
  );
  return actor?.login?.endsAt ?? null;
}

/** Whether a page that comes now finds its login as it was. */
async function resumes(cluster: TestCluster, device: TestDevice): Promise<boolean | undefined> {
  await cluster.settle();
  return device.welcome?.rtm?.resumed;
}

test.each([1, 2])(
  '[LGN1] the newer page takes the place of the older, over %i nodes; a softphone stays',
  async (nodes) => {
    const cluster = new TestCluster();
    const node = await cluster.node();
    const other = nodes === 1 ? node : await cluster.node();
    const older = await cluster.device(node, 'alice', 'alice1', { rtm });
    const softphone = await cluster.device(node, 'alice', 'alice2');
    const stranger = await cluster.device(node, 'bob', 'bob1', { rtm });
    const newer = await cluster.device(other, 'alice', 'alice3', { rtm });
    const closed = [older, softphone, stranger, newer].map(({ closedWith }) => closedWith);
    expect(closed).toEqual([4409, undefined, undefined, undefined]);
    const { devices } = await cluster.clock.untilSettled(
      cluster.store.load({ users: [], devicesOf: ['alice'] }),
    );
    expect(devices.map(({ device }) => device)).toEqual(['alice2', 'alice3']);
  },
);

test('[LGN1] pages that stand beside each other stay, until one comes that does not', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const beside = { rtm: { ...rtm, beside: true } };
  const one = await cluster.device(node, 'alice', 'alice1', beside);
  const two = await cluster.device(node, 'alice', 'alice2', beside);
  expect([one.closedWith, two.closedWith]).toEqual([undefined, undefined]);
  await cluster.device(node, 'alice', 'alice3', { rtm });
  expect([one.closedWith, two.closedWith]).toEqual([4409, 4409]);
});

test('[LGN1] also a page whose token has expired makes way', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const until = cluster.clock.now() + 5_000;
  const older = await cluster.socket(node);
  older.hello(`alice until ${until}`, 'alice1', { rtm });
  await cluster.clock.advanceAsync(5_001);
  await cluster.device(node, 'alice', 'alice2', { rtm });
  expect(older.closedWith).toBe(4409);
});

test.each([1, 2])(
  '[LGN1] of two that come at the same moment, over %i nodes, one stays',
  async (nodes) => {
    const cluster = new TestCluster();
    const node = await cluster.node();
    const other = nodes === 1 ? node : await cluster.node();
    const pages = await Promise.all([cluster.socket(node), cluster.socket(other)]);
    for (const [i, page] of pages.entries()) page.hello('alice', `alice${i}`, { rtm });
    await cluster.settle();
    const closed = pages.map(({ closedWith }) => closedWith);
    expect(new Set(closed)).toEqual(new Set([4409, undefined]));
    const { rtm: loaded } = await cluster.clock.untilSettled(
      cluster.store.load({ users: [], rtm: { loginsOf: 'alice' } }),
    );
    expect(loaded?.logins).toEqual([
      { user: 'alice', device: `alice${closed.indexOf(undefined)}`, endsAt: null },
    ]);
  },
);

test('[LGN1] an older page that was away at that time does not take its place back by itself', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const older = await cluster.device(node, 'alice', 'alice1', { rtm });
  const { resumeKey } = older.welcome ?? {};
  older.wire.cut();
  const newer = await cluster.device(node, 'alice', 'alice2', { rtm });
  const again = await cluster.device(node, 'alice', 'alice1', { rtm, resumeKey });
  expect([again.closedWith, newer.closedWith]).toEqual([4409, undefined]);
  // Its user logs in there anew.
  const anew = await cluster.device(node, 'alice', 'alice1', { rtm });
  expect([anew.closedWith, newer.closedWith]).toEqual([undefined, 4409]);
});

test('[LGN1] nor one that was away for longer than its login lasts; unless it stands beside others, or nobody is there', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const older = await cluster.device(node, 'alice', 'alice1', { rtm });
  older.wire.cut();
  await cluster.clock.advanceAsync(2 * RTM_OFFLINE_AFTER_MS);
  const newer = await cluster.device(node, 'alice', 'alice2', { rtm });
  const woken = await cluster.device(node, 'alice', 'alice1', backAs(older));
  expect([woken.closedWith, newer.closedWith]).toEqual([4409, undefined]);
  const beside = { ...backAs(older), rtm: { ...rtm, beside: true } };
  const besides = await cluster.device(node, 'alice', 'alice1', beside);
  expect([besides.closedWith, newer.closedWith]).toEqual([undefined, undefined]);
  for (const page of [besides, newer]) page.wire.client.close(1000, '');
  await cluster.settle();
  const alone = await cluster.device(node, 'alice', 'alice1', backAs(besides));
  expect(alone.closedWith).toBeUndefined();
});

test('[LGN1] a page that a restored backup does not know stays, whatever login that brings back', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const boundAt = cluster.clock.now() - 1;
  const binding = { incarnation: 'of the backup', connection: 'c1', boundAt };
  const old = bound(
    { user: 'alice', device: 'alice1' },
    { binding, login: { endsAt: null, channels: [] } },
  );
  await cluster.clock.untilSettled(commit(cluster.store, { devices: [old] }));
  const there = await cluster.device(node, 'alice', 'alice2', { rtm, resumeKey: 'given later' });
  expect(there.closedWith).toBeUndefined();
  expect(there.welcome).toMatchObject({ lastSeq: 0 });
});

test('[LGN2] when the word of it is lost, the older page’s next heartbeat closes it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const older = await cluster.device(node, 'alice', 'alice1', { rtm });
  cluster.bus.publish = () => undefined;
  await cluster.device(node, 'alice', 'alice2', { rtm });
  expect(older.closedWith).toBeUndefined();
  older.say({ type: 'heartbeat', calls: [], rtm });
  await cluster.settle();
  expect(older.closedWith).toBe(4409);
});

test('[LGN3] a page that speaks RTM and falls silent is lost within two pings', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  alice.wire.cut();
  await cluster.clock.advanceAsync(2 * PING_RTM_MS + 5);
  const [presence] = await cluster.clock.untilSettled(cluster.store.presence(['alice']));
  expect(presence?.online).toBe(false);
});

test('[LGN4] a login goes on when the page is back in time, and is over when it is not', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const first = await cluster.device(node, 'alice', 'alice1', { rtm });
  expect(await resumes(cluster, first)).toBe(false);
  first.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS - 100);
  const second = await cluster.device(node, 'alice', 'alice1', backAs(first));
  expect(await resumes(cluster, second)).toBe(true);
  second.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 100);
  const third = await cluster.device(node, 'alice', 'alice1', backAs(second));
  expect(await resumes(cluster, third)).toBe(false);
});

test('[LGN4] a page that says goodbye, or that another took the place of, is over at once', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const first = await cluster.device(node, 'alice', 'alice1', { rtm });
  first.wire.client.close(1000, '');
  await cluster.settle();
  const second = await cluster.device(node, 'alice', 'alice1', { rtm });
  expect(await resumes(cluster, second)).toBe(false);
  await cluster.device(node, 'alice', 'alice2', { rtm });
  expect(await resumes(cluster, await cluster.device(node, 'alice', 'alice1', { rtm }))).toBe(
    false,
  );
});

test('[LGN4] a page whose SDK mends its socket, or that comes back after its browser closed that, is not gone for good', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  for (const code of [1001, 4000]) {
    const page = await cluster.device(node, 'alice', 'alice1', { rtm });
    page.wire.client.close(code, '');
    await cluster.settle();
    const back = await cluster.device(node, 'alice', 'alice1', backAs(page));
    expect(await resumes(cluster, back)).toBe(true);
    back.wire.client.close(1000, '');
    await cluster.settle();
  }
});

test('[LGN5] a device that does not speak RTM may do nothing of it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const softphone = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
  const to = 'bob';
  const of = { kind: 'channel', channel: 'room' } as const;
  const body = { kind: 'text', text: 'hello' } as const;
  const seqs = [
    softphone.ask({ type: 'rtm-invite', invitation, to, content: '', channel: '' }),
    softphone.ask({ type: 'rtm-receive', invitation }),
    softphone.ask({ type: 'rtm-accept', invitation, response: '' }),
    softphone.ask({ type: 'rtm-confirm', invitation }),
    softphone.ask({ type: 'rtm-refuse', invitation, response: '' }),
    softphone.ask({ type: 'rtm-cancel', invitation }),
    softphone.ask({ type: 'rtm-send', message: invitation, to, body }),
    softphone.ask({ type: 'rtm-publish', message: invitation, channel: 'room', body }),
    softphone.ask({ type: 'rtm-join', channel: 'room' }),
    softphone.ask({ type: 'rtm-leave', channel: 'room' }),
    softphone.ask({ type: 'rtm-members', channel: 'room' }),
    softphone.ask({ type: 'rtm-count', channels: ['room'] }),
    softphone.ask({ type: 'rtm-get-attributes', of }),
  ];
  softphone.say({ type: 'rtm-got', from: 'bob', message: invitation });
  await cluster.settle();
  for (const seq of [...seqs, 0]) expect(softphone.answerTo(seq)).toMatchObject(NO_LOGIN);
  expect([heardOf(bob, 'rtm-invitation'), heardOf(bob, 'rtm-message')]).toEqual([[], []]);
  expect(softphone.closedWith).toBeUndefined();
});

test('[LGN4] whoever is back when the end of its login is late begins anew, and loses nothing by it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const first = await cluster.device(node, 'alice', 'alice1', { rtm });
  await ask(cluster, first, { type: 'rtm-join', channel: 'room' });
  const load = cluster.store.load.bind(cluster.store);
  cluster.store.load = async (scope) => {
    const isEnd = scope.actor !== undefined && scope.rtm?.loginsOf !== undefined;
    if (isEnd) await new Promise<void>((resolve) => void cluster.clock.after(50, resolve));
    return load(scope);
  };
  first.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 1);
  const { resumeKey } = first.welcome ?? {};
  const second = await cluster.device(node, 'alice', 'alice1', { resumeKey, rtm });
  await cluster.clock.advanceAsync(100);
  expect(await resumes(cluster, second)).toBe(false);
  const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
  const asked = { invitation, to: 'bob', content: '', channel: '' };
  expect(await ask(cluster, second, { type: 'rtm-invite', ...asked })).toBe('done');
  await cluster.clock.advanceAsync(1_000);
  const states = heardOf(second, 'rtm-invitation').map((heard) => heard.invitation.state);
  expect(states).toEqual(['sent']);
  expect(await ask(cluster, second, { type: 'rtm-members', channel: 'room' })).toBe('wrong-state');
});

test('[LGN9] of two logins that are over at the same moment neither keeps the other: nobody rings on for them', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const beside = { invitations: [], beside: true };
  const pages = [
    await cluster.device(node, 'alice', 'alice1', { rtm: beside }),
    await cluster.device(node, 'alice', 'alice2', { rtm: beside }),
  ];
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
  const asked = { invitation, to: 'bob', content: '', channel: '' };
  expect(await ask(cluster, pages[0]!, { type: 'rtm-invite', ...asked })).toBe('done');
  expect(await ask(cluster, bob, { type: 'rtm-receive', invitation })).toBe('done');
  for (const page of pages) page.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 500);
  expect(heardOf(bob, 'rtm-invitation').at(-1)?.invitation).toMatchObject({
    state: 'failed',
    failure: 'caller-gone',
  });
});

test('[LGN1] a page that comes back by itself is not turned away for a login that is over and not ended yet', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const beside = { invitations: [], beside: true };
  const first = await cluster.device(node, 'alice', 'alice1', { rtm });
  first.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 500);
  const second = await cluster.device(node, 'alice', 'alice2', { rtm: beside });
  endNoLogins(cluster);
  second.wire.client.close(1000, '');
  await cluster.settle();
  const back = await cluster.device(node, 'alice', 'alice1', backAs(first));
  expect(back.closedWith).toBeUndefined();
  expect(back.welcome).toBeDefined();
});

test('[LGN7] an expired token with a good key and no open call puts off no end, however often it comes', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const until = cluster.clock.now() + 5_000;
  const page = await cluster.socket(node);
  page.hello(`alice until ${until}`, 'alice1', { rtm });
  await cluster.settle();
  const { resumeKey } = page.welcome ?? {};
  page.wire.drop();
  await cluster.settle();
  const endsAt = await endOf(cluster, 'alice1');
  await cluster.clock.advanceAsync(10_000);
  for (let i = 0; i < 3; i++) {
    const back = await cluster.device(node, `alice until ${until}`, 'alice1', { rtm, resumeKey });
    expect(back.closedWith).toBe(4401);
    expect(await endOf(cluster, 'alice1')).toBe(endsAt);
  }
  await cluster.clock.advanceAsync((endsAt ?? 0) - cluster.clock.now() + 1);
  expect(await logins(cluster)).toEqual([]);
});

test('[LGN8] a page that comes back without RTM has given its login up, with all that hangs on it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const first = await cluster.device(node, 'alice', 'alice1', { rtm });
  await ask(cluster, first, { type: 'rtm-join', channel: 'room' });
  await ask(cluster, first, setMood);
  const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
  const asked = { invitation, to: 'bob', content: '', channel: '' };
  expect(await ask(cluster, first, { type: 'rtm-invite', ...asked })).toBe('done');
  first.wire.drop();
  const softphone = await cluster.device(node, 'alice', 'alice1');
  await cluster.clock.advanceAsync(100);
  expect(await logins(cluster)).toEqual([]);
  const heard = heardOf(bob, 'rtm-invitation').map(({ invitation: { state, failure } }) => [
    state,
    failure,
  ]);
  expect(heard).toEqual([
    ['sent', undefined],
    ['failed', 'caller-gone'],
  ]);
  const counted = await answerTo(cluster, bob, { type: 'rtm-count', channels: ['room'] });
  expect(counted).toMatchObject({ counts: [0] });
  expect(await ask(cluster, bob, readMood)).toBe('unknown-user');
  expect(softphone.closedWith).toBeUndefined();
});

test('[LGN8] nor does its login begin to last again when that page is lost before the end of it is done', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const first = await cluster.device(node, 'alice', 'alice1', { rtm });
  const resumeEnds = endNoLogins(cluster, 2);
  first.wire.drop();
  const softphone = await cluster.device(node, 'alice', 'alice1');
  softphone.wire.drop();
  await cluster.settle();
  resumeEnds();
  const found = await cluster.clock.untilSettled(cluster.store.dueLogins(cluster.clock.now(), 10));
  expect(found).toEqual([{ user: 'alice', device: 'alice1' }]);
});

test.each([
  ['alice1', ['sent', 'received', 'failed']],
  ['alice2', ['sent', 'received']],
])(
  '[LGN9] when %s comes while the end of alice1 is under way, that is decided again, and what is heard is %j',
  async (device, expected) => {
    const cluster = new TestCluster();
    const node = await cluster.node();
    const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
    const first = await cluster.device(node, 'alice', 'alice1', { rtm });
    const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
    const asked = { invitation, to: 'bob', content: '', channel: '' };
    await ask(cluster, first, { type: 'rtm-invite', ...asked });
    await ask(cluster, bob, { type: 'rtm-receive', invitation });
    first.wire.drop();
    const commit = cluster.store.commit.bind(cluster.store);
    let release: (() => void) | undefined;
    cluster.store.commit = async (step) => {
      if (step.cause.type === 'rtm-lose-caller' && !release) {
        await new Promise<void>((resolve) => (release = resolve));
      }
      return commit(step);
    };
    await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 1);
    const back = await cluster.device(node, 'alice', device, { rtm: { ...rtm, beside: true } });
    expect([back.closedWith, release]).toEqual([undefined, expect.any(Function)]);
    release?.();
    await cluster.clock.advanceAsync(100);
    const states = heardOf(bob, 'rtm-invitation').map((heard) => heard.invitation.state);
    expect(states).toEqual(expected);
  },
);

test('[LGN9] one that comes after the end of its login, before that is done, begins without attributes', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const moods: unknown[] = [];
  for (const away of [RTM_OFFLINE_AFTER_MS - 100, RTM_OFFLINE_AFTER_MS + 1]) {
    const page = await cluster.device(node, 'alice', 'alice1', { rtm });
    await ask(cluster, page, setMood);
    const resumeEnds = endNoLogins(cluster);
    page.wire.drop();
    await cluster.clock.advanceAsync(away);
    await cluster.device(node, 'alice', 'alice1', { rtm });
    const found = await answerTo(cluster, bob, readMood);
    moods.push(found?.type === 'rtm-attributes-found' && found.attributes.map(({ key }) => key));
    resumeEnds();
  }
  expect(moods).toEqual([['mood'], []]);
});

test('[LGN9] but not while another page of its user has a login', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const beside = { rtm: { ...rtm, beside: true } };
  const page = await cluster.device(node, 'alice', 'alice1', beside);
  const other = await cluster.device(node, 'alice', 'alice2', beside);
  await ask(cluster, page, setMood);
  endNoLogins(cluster);
  page.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS + 1);
  await cluster.device(node, 'alice', 'alice1', beside);
  expect(await answerTo(cluster, other, readMood)).toMatchObject({ attributes: [{ key: 'mood' }] });
});

test('[LGN6] after a restart who was away has its whole time anew, but for who said goodbye', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node({ ownsStore: true });
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  alice.wire.drop();
  await cluster.clock.advanceAsync(10_000);
  // The server dies before it has ended what Carol left.
  const { store } = cluster;
  const claim = store.claimDueLogins.bind(store);
  store.claimDueLogins = async () => [];
  carol.wire.client.close(1000, '');
  await cluster.settle();
  await cluster.clock.untilSettled(node.stop());
  store.claimDueLogins = claim;
  await cluster.settle();
  expect(bob.closedWith).toBe(4503);
  await cluster.clock.advanceAsync(2 * RTM_OFFLINE_AFTER_MS);
  const again = await cluster.node({ ownsStore: true });
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS - 100);
  const resumed = [];
  for (const page of [alice, bob, carol]) {
    const { user = '', device = '' } = page.welcome ?? {};
    const back = await cluster.device(again, user, device, backAs(page));
    if (await resumes(cluster, back)) resumed.push(user);
  }
  expect(resumed).toEqual(['alice', 'bob']);
});
