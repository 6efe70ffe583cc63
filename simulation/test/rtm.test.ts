import { CONFIRM_TIMEOUT_MS, INVITATION_LIFE_MS, INVITATION_REACH_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Dialect } from './support/rtm-town.ts';
import { Town } from './support/rtm-town.ts';

const PAIRS: readonly (readonly [Dialect, Dialect])[] = [
  ['agora', 'agora'],
  ['anyrtc', 'anyrtc'],
  ['agora', 'anyrtc'],
];

/** Alice’s page and bob’s, logged in at a real server. */
async function two([ofAlice, ofBob]: readonly [Dialect, Dialect]) {
  const town = await new Town().start();
  const alice = await town.page(ofAlice, 'alice');
  const bob = await town.page(ofBob, 'bob');
  town.told.length = 0;
  return { town, alice, bob };
}

test.each(PAIRS)(
  '[RTM11][RTM12] 发起, 接受呼叫邀请 at a real server, %s to %s',
  async (...pair) => {
    const { town, alice, bob } = await two(pair);
    const local = await town.invite(alice, 'alice', 'bob');
    expect(town.news()).toEqual([
      ['bob', 'RemoteInvitationReceived'],
      ['alice', 'LocalInvitationReceivedByPeer'],
    ]);
    const [remote] = bob.remote;
    expect([remote!.callerId, remote!.content, remote!.id]).toEqual(['alice', 'coffee?', local.id]);
    remote!.response = 'yes';
    remote!.accept();
    await town.pass();
    expect(town.news()).toEqual([
      ['alice', 'LocalInvitationAccepted', 'yes'],
      ['bob', 'RemoteInvitationAccepted'],
    ]);
    await town.pass(120_000);
    expect([town.news(), local.state, remote!.state]).toEqual([
      [],
      'ACCEPTED_BY_REMOTE',
      'ACCEPTED',
    ]);
  },
);

test.each(PAIRS)('[RTM13] 拒绝呼叫邀请 at a real server, %s to %s', async (...pair) => {
  const { town, alice, bob } = await two(pair);
  await town.invite(alice, 'alice', 'bob');
  town.news();
  bob.remote[0]!.response = 'no';
  bob.remote[0]!.refuse();
  await town.pass(120_000);
  expect(town.news()).toEqual(
    expect.arrayContaining([
      ['alice', 'LocalInvitationRefused', 'no'],
      ['bob', 'RemoteInvitationRefused'],
    ]),
  );
});

test.each(PAIRS)('[RTM14] 取消呼叫邀请 at a real server, %s to %s', async (...pair) => {
  const { town, alice } = await two(pair);
  const local = await town.invite(alice, 'alice', 'bob');
  town.news();
  local.cancel();
  await town.pass(120_000);
  expect(town.news()).toEqual([
    ['bob', 'RemoteInvitationCanceled', 'coffee?'],
    ['alice', 'LocalInvitationCanceled'],
  ]);
});

test.each(PAIRS)(
  '[RTM15] nobody answers: expired for both after 60 s, %s to %s',
  async (...pair) => {
    const { town, alice } = await two(pair);
    await town.invite(alice, 'alice', 'bob');
    town.news();
    await town.pass(INVITATION_LIFE_MS - 600);
    expect(town.news()).toEqual([]);
    await town.pass(200);
    expect(town.news()).toEqual(
      expect.arrayContaining([
        ['alice', 'LocalInvitationFailure', 'INVITATION_EXPIRE'],
        ['bob', 'RemoteInvitationFailure', 'INVITATION_EXPIRE'],
      ]),
    );
  },
);

test.each(['agora', 'anyrtc'] as const)(
  '[RTM15] %s: nobody is there: PEER_OFFLINE after 30 s',
  async (dialect) => {
    const town = await new Town().start();
    const alice = await town.page(dialect, 'alice');
    await town.invite(alice, 'alice', 'bob');
    await town.pass(INVITATION_REACH_MS - 600);
    expect(town.news()).toEqual([]);
    await town.pass(200);
    expect(town.news()).toEqual([['alice', 'LocalInvitationFailure', 'PEER_OFFLINE']]);
  },
);

test.each(['agora', 'anyrtc'] as const)(
  '[RTM15] %s: a callee that logs in within 30 s still rings',
  async (dialect) => {
    const town = await new Town().start();
    const alice = await town.page(dialect, 'alice');
    await town.invite(alice, 'alice', 'bob');
    await town.pass(25_000);
    const bob = await town.page(dialect, 'bob');
    await town.pass();
    bob.remote[0]!.accept();
    await town.pass();
    expect(town.newsInShort()).toEqual([
      'bob RemoteInvitationReceived',
      'alice LocalInvitationReceivedByPeer',
      'alice LocalInvitationAccepted',
      'bob RemoteInvitationAccepted',
    ]);
  },
);

test('[RTM15] the caller does not confirm: ACCEPT_FAILURE after 5 s', async () => {
  const { town, alice, bob } = await two(['agora', 'agora']);
  await town.invite(alice, 'alice', 'bob');
  town.news();
  alice.lose();
  bob.remote[0]!.accept();
  await town.pass(CONFIRM_TIMEOUT_MS - 100);
  expect(town.news()).toEqual([]);
  await town.pass(300);
  expect(town.news()).toEqual([['bob', 'RemoteInvitationFailure', 'ACCEPT_FAILURE']]);
});

test('[RTM8] the caller’s connection is dead without a word: it is replaced in time to confirm', async () => {
  const { town, alice, bob } = await two(['agora', 'agora']);
  await town.invite(alice, 'alice', 'bob');
  town.news();
  alice.wires.at(-1)!.cut();
  bob.remote[0]!.accept();
  await town.pass(CONFIRM_TIMEOUT_MS - 100);
  const byName = (one: string, other: string) => one.localeCompare(other);
  expect(town.newsInShort().toSorted(byName)).toEqual([
    'alice LocalInvitationAccepted',
    'bob RemoteInvitationAccepted',
  ]);
});

test('[RTM15] the caller is offline: PEER_OFFLINE to the callee', async () => {
  const { town, alice, bob } = await two(['agora', 'agora']);
  await town.invite(alice, 'alice', 'bob');
  town.news();
  alice.lose();
  await town.pass(40_000);
  expect(town.news().filter(([who]) => who === 'bob')).toEqual([
    ['bob', 'RemoteInvitationFailure', 'PEER_OFFLINE'],
  ]);
  expect(bob.remote[0]!.state).toBe('FAILURE');
});

test.each(PAIRS)('[RTM22] a caller who logs out rings nowhere, %s to %s', async (...pair) => {
  const { town, alice } = await two(pair);
  await town.invite(alice, 'alice', 'bob');
  town.news();
  await town.done(alice.client.logout());
  await town.pass();
  expect(town.news()).toEqual(
    expect.arrayContaining([
      ['alice', 'LocalInvitationCanceled'],
      ['bob', 'RemoteInvitationCanceled', 'coffee?'],
    ]),
  );
});

test('[RTM24] anyRTC’s hang-up by cancel() reaches the callee', async () => {
  const { town, alice, bob } = await two(['anyrtc', 'anyrtc']);
  const local = await town.invite(alice, 'alice', 'bob');
  bob.remote[0]!.accept();
  await town.pass(600_000);
  town.told.length = 0;
  local.cancel();
  await town.pass();
  expect(town.told).toEqual(
    expect.arrayContaining([
      ['alice', 'LocalInvitationCanceled'],
      ['bob', 'RemoteInvitationCanceled', 'coffee?'],
    ]),
  );
  expect(town.told).toHaveLength(2);
});

test.each([
  ['agora', 'ABORTED'],
  ['anyrtc', 'DISCONNECTED'],
] as const)('[RTM9] %s: a second login of a user ends the first', async (dialect, state) => {
  const town = await new Town().start();
  await town.page(dialect, 'alice');
  town.told.length = 0;
  await town.page(dialect, 'alice');
  await town.pass(60_000);
  expect(town.told).toEqual(
    expect.arrayContaining([['alice', 'ConnectionStateChanged', state, 'REMOTE_LOGIN']]),
  );
  const connected = town.told.filter(([, , each]) => each === 'CONNECTED');
  expect(connected).toHaveLength(1);
});

test.each(['agora', 'anyrtc'] as const)(
  '[RTM25] %s: with `everyDevice` all devices ring, and one answers',
  async (dialect) => {
    const town = await new Town().start();
    const alice = await town.page(dialect, 'alice');
    const first = await town.page(dialect, 'bob', { everyDevice: true });
    const second = await town.page(dialect, 'bob', { everyDevice: true });
    await town.invite(alice, 'alice', 'bob');
    expect([first.remote.length, second.remote.length]).toEqual([1, 1]);
    second.remote[0]!.accept();
    await town.pass(120_000);
    expect([first.remote[0]!.state, first.remote[0]!.answeredElsewhere]).toEqual([
      'CANCELED',
      true,
    ]);
    expect([second.remote[0]!.state, second.remote[0]!.answeredElsewhere]).toEqual([
      'ACCEPTED',
      false,
    ]);
  },
);

test.each(['agora', 'anyrtc'] as const)(
  '[RTM26] %s: both pages are loaded anew while it rings',
  async (dialect) => {
    const { town, alice, bob } = await two([dialect, dialect]);
    await town.invite(alice, 'alice', 'bob');
    for (const { wires } of [alice, bob]) wires.at(-1)!.kill('client');
    const [newAlice, newBob] = [await town.page(dialect, 'alice'), await town.page(dialect, 'bob')];
    const local = (await town.done(newAlice.client.pendingInvitations())).local[0]!;
    const remote = (await town.done(newBob.client.pendingInvitations())).remote[0]!;
    town.listen('alice', local);
    town.told.length = 0;
    remote.accept();
    await town.pass();
    expect(town.newsInShort()).toEqual([
      'alice LocalInvitationAccepted',
      'bob RemoteInvitationAccepted',
    ]);
  },
);

test.each(['agora', 'anyrtc'] as const)(
  '[RTM23] %s: a reconnect during the ringing loses nothing',
  async (dialect) => {
    const { town, alice, bob } = await two([dialect, dialect]);
    await town.invite(alice, 'alice', 'bob');
    for (const { wires } of [alice, bob]) wires.at(-1)!.drop();
    bob.remote[0]!.accept();
    await town.pass(10_000);
    expect(town.newsInShort()).toEqual([
      'bob RemoteInvitationReceived',
      'alice LocalInvitationReceivedByPeer',
      'alice LocalInvitationAccepted',
      'bob RemoteInvitationAccepted',
    ]);
  },
);

test.each(PAIRS)(
  '[RTM30] messages at a real server, %s to %s, in order; nobody there is said',
  async (...pair) => {
    const { town, alice, bob } = await two(pair);
    const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
    const sent = texts.map((text) => alice.client.sendMessageToPeer({ text }, 'bob'));
    const results = await town.done(Promise.all(sent));
    expect(new Set(results.map(({ hasPeerReceived }) => hasPeerReceived))).toEqual(new Set([true]));
    const heard = town.told.filter(([, name]) => name === 'MessageFromPeer');
    expect(heard.map(([who, , message, from]) => [who, message, from])).toEqual(
      texts.map((text) => ['bob', { text, messageType: 'TEXT' }, 'alice']),
    );
    await town.done(bob.client.logout());
    await town.pass();
    const late = await town.done(alice.client.sendMessageToPeer({ text: 'late' }, 'bob'));
    expect(late).toEqual({ hasPeerReceived: false });
  },
);

test.each(['agora', 'anyrtc'] as const)(
  '[RTM41] %s: presence at a real server',
  async (dialect) => {
    const { town, alice, bob } = await two([dialect, dialect]);
    const carol = await town.page(dialect, 'carol');
    await town.done(alice.client.subscribePeersOnlineStatus(['bob', 'carol', 'dave']));
    town.told.length = 0;
    const lostAt = town.clock.now();
    bob.lose();
    await town.done(carol.client.logout());
    await town.pass();
    const changes = () =>
      town.told.splice(0).filter(([, name]) => name === 'PeersOnlineStatusChanged');
    expect(changes()).toEqual([['alice', 'PeersOnlineStatusChanged', { carol: 'OFFLINE' }]]);
    let unreachableMs = 0;
    while (changes().length === 0) {
      await town.pass(100);
      unreachableMs = town.clock.now() - lostAt;
    }
    expect(unreachableMs).toBeLessThanOrEqual(10_000);
    await town.pass(31_000);
    expect(changes()).toEqual([['alice', 'PeersOnlineStatusChanged', { bob: 'OFFLINE' }]]);
    const asked = await town.done(alice.client.queryPeersOnlineStatus(['alice', 'bob', 'dave']));
    expect(asked).toEqual({ alice: true, bob: false, dave: false });
  },
);

test.each([
  ['the caller', 0],
  ['the callee', 1],
])('[RTM70] raised to a call with media, %s first', async (_, first) => {
  const { town, alice, bob } = await two(['agora', 'anyrtc']);
  const local = await town.invite(alice, 'alice', 'bob');
  bob.remote[0]!.accept();
  await town.pass();
  const raise = [
    () => alice.client.raise(local as never, { media: 'video' }),
    () => bob.client.raise(bob.remote[0] as never),
  ];
  const raised = raise[first]!();
  await town.pass(10_000);
  const other = raise[1 - first]!();
  const calls = await town.done(Promise.all([raised, other]));
  await town.pass(5_000);
  expect(calls.map(({ state, connection, media }) => [state, connection, media])).toEqual([
    ['established', 'connected', 'video'],
    ['established', 'connected', 'video'],
  ]);
  expect(calls[0].id).toBe(calls[1].id);
  await town.done(calls[0].end());
  await town.pass();
  expect(calls.map(({ endReason }) => endReason)).toEqual(['completed', 'completed']);
});
