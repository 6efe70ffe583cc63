import type { RtmBody } from '@ringline/protocol';
import {
  MAX_JOINED_CHANNELS,
  MAX_LISTED_MEMBERS,
  MAX_MISSED_CHANNEL_MESSAGES,
  PING_RTM_MS,
  RTM_OFFLINE_AFTER_MS,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { MEMBERS_BATCH_MS } from '../../src/rtm/channel-here.ts';
import { MEMBERS_SWEEP_MS } from '../../src/rtm/member-rounds.ts';
import { SaidLately } from '../../src/rtm/said-lately.ts';
import { answerTo, ask, backAs, heardOf, rtm, slowCluster } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const join = { type: 'rtm-join', channel: 'room' } as const;
const leave = { type: 'rtm-leave', channel: 'room' } as const;
const list = { type: 'rtm-members', channel: 'room' } as const;

let made = 0;

function say(text: string) {
  made += 1;
  const message = `message-${String(made).padStart(10, '0')}`;
  const body: RtmBody = { kind: 'text', text };
  return { type: 'rtm-publish', message, channel: 'room', body } as const;
}

function texts(device: TestDevice): readonly string[] {
  const heard = heardOf(device, 'rtm-channel-message');
  return heard.map(({ body }) => (body.kind === 'text' ? body.text : body.raw));
}

/** Who came and who went, and how many there were, as a device was told. */
function told(device: TestDevice): readonly [readonly string[], readonly string[], number][] {
  const heard = heardOf(device, 'rtm-members-changed');
  return heard.map(({ joined, left, count }) => [joined, left, count]);
}

async function members(cluster: TestCluster, device: TestDevice) {
  const answer = await answerTo(cluster, device, list);
  if (answer?.type === 'refused') return answer.code;
  return answer?.type === 'rtm-members-found' ? answer.members : undefined;
}

/** Time for what came and went to be told. */
async function batch(cluster: TestCluster): Promise<void> {
  await cluster.clock.advanceAsync(MEMBERS_BATCH_MS + 10);
}

/** Alice and Bob in a room, with what they are told of themselves told. */
async function aliceAndBob(nodes = 1) {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const other = nodes === 1 ? node : await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob = await cluster.device(other, 'bob', 'bob1', { rtm });
  for (const each of [alice, bob]) expect(await ask(cluster, each, join)).toBe('done');
  await batch(cluster);
  alice.heard.length = bob.heard.length = 0;
  return { cluster, node, other, alice, bob };
}

test.each([1, 2])(
  '[RCH1] what is said reaches the others in the channel, over %i nodes, and nobody else',
  async (nodes) => {
    const { cluster, other, alice, bob } = await aliceAndBob(nodes);
    const alice2 = await cluster.device(other, 'alice', 'alice2', {
      rtm: { ...rtm, beside: true },
    });
    await ask(cluster, alice2, join);
    const bob2 = await cluster.device(other, 'bob', 'bob2', { rtm: { ...rtm, beside: true } });
    const said = say('hello');
    expect(await ask(cluster, alice, said)).toBe('done');
    expect(heardOf(bob, 'rtm-channel-message')).toEqual([
      {
        type: 'rtm-channel-message',
        message: said.message,
        channel: 'room',
        from: 'alice',
        at: expect.any(Number),
        body: { kind: 'text', text: 'hello' },
      },
    ]);
    expect([texts(alice), texts(alice2), texts(bob2)]).toEqual([[], ['hello'], []]);
  },
);

test('[RCH1] many are heard in the order in which they were said', async () => {
  const { cluster, alice, bob } = await aliceAndBob(2);
  const expected = Array.from({ length: 50 }, (_, i) => String(i));
  for (const text of expected) alice.ask(say(text));
  await cluster.settle();
  expect(texts(bob)).toEqual(expected);
});

test('[RCH1] who has left hears nothing more', async () => {
  const { cluster, alice, bob } = await aliceAndBob();
  expect(await ask(cluster, bob, leave)).toBe('done');
  await ask(cluster, alice, say('hello'));
  expect(texts(bob)).toEqual([]);
});

test('[RCH2] as many channels as are allowed, and no more', async () => {
  const { cluster, alice } = await aliceAndBob();
  for (let i = 1; i < MAX_JOINED_CHANNELS; i++) {
    expect(await ask(cluster, alice, { ...join, channel: `room ${i}` })).toBe('done');
    // No faster than one may join.
    await cluster.clock.advanceAsync(1_000);
  }
  expect(await ask(cluster, alice, { ...join, channel: 'one more' })).toBe('too-many-channels');
  expect(await ask(cluster, alice, join)).toBe('done');
  await ask(cluster, alice, leave);
  expect(await ask(cluster, alice, { ...join, channel: 'one more' })).toBe('done');
});

test('[RCH2] nothing is done in a channel that one is not in', async () => {
  const { cluster, node, bob } = await aliceAndBob();
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  for (const request of [leave, list, say('hello')]) {
    expect(await ask(cluster, carol, request)).toBe('wrong-state');
  }
  const softphone = await cluster.device(node, 'dave', 'dave1');
  for (const request of [join, leave, list, say('hello')]) {
    expect(await ask(cluster, softphone, request)).toBe('forbidden');
  }
  expect(texts(bob)).toEqual([]);
});

test('[RCH3] a page that comes back in time is in its channels as before, on another node', async () => {
  const { cluster, other, alice, bob } = await aliceAndBob(2);
  alice.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS - 100);
  expect(await members(cluster, bob)).toEqual(['alice', 'bob']);
  const back = await cluster.device(other, 'alice', 'alice1', backAs(alice));
  await ask(cluster, bob, say('hello'));
  expect(texts(back)).toEqual(['hello']);
  expect(await ask(cluster, back, say('here'))).toBe('done');
  expect([texts(bob), told(bob)]).toEqual([['here'], []]);
});

test('[RCH3] a page that is loaded anew, of the same device, has joined nothing', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  alice.wire.client.close(1001, '');
  await cluster.settle();
  const anew = await cluster.device(node, 'alice', 'alice1', { rtm });
  await batch(cluster);
  expect([anew.welcome?.rtm?.resumed, told(bob)]).toEqual([false, [[[], ['alice'], 1]]]);
  expect(await ask(cluster, anew, list)).toBe('wrong-state');
  await ask(cluster, bob, say('hello'));
  expect(texts(anew)).toEqual([]);
  expect(await ask(cluster, anew, join)).toBe('done');
});

test('[RCH3] when its login is over it is in none, and the others are told', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  alice.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS);
  await batch(cluster);
  expect(told(bob)).toEqual([[[], ['alice'], 1]]);
  const back = await cluster.device(node, 'alice', 'alice1', { rtm });
  expect(await ask(cluster, back, list)).toBe('wrong-state');
  await ask(cluster, bob, say('hello'));
  expect(texts(back)).toEqual([]);
});

test('[RCH3] a page that said goodbye, or that another took the place of, is in none at once', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  await cluster.device(node, 'alice', 'alice2', { rtm });
  await batch(cluster);
  expect(told(bob)).toEqual([[[], ['alice'], 1]]);
  expect(alice.closedWith).toBe(4409);
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  await ask(cluster, carol, join);
  carol.wire.client.close(1000, '');
  await batch(cluster);
  expect(await members(cluster, bob)).toEqual(['bob']);
});

test.each([1, 2])('[RCH4] members are told who came and went, over %i nodes', async (nodes) => {
  const { cluster, other, alice, bob } = await aliceAndBob(nodes);
  const carol = await cluster.device(other, 'carol', 'carol1', { rtm });
  await ask(cluster, carol, join);
  await batch(cluster);
  for (const each of [alice, bob]) expect(told(each)).toEqual([[['carol'], [], 3]]);
  await ask(cluster, bob, leave);
  await batch(cluster);
  expect(told(alice)).toEqual([
    [['carol'], [], 3],
    [[], ['bob'], 2],
  ]);
  expect(told(bob)).toHaveLength(1);
});

test('[RCH4] what happens within MEMBERS_BATCH_MS is told together', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  const [carol, dave] = [
    await cluster.device(node, 'carol', 'carol1', { rtm }),
    await cluster.device(node, 'dave', 'dave1', { rtm }),
  ];
  for (const each of [carol, dave]) each.ask(join);
  bob.ask(leave);
  await cluster.clock.advanceAsync(MEMBERS_BATCH_MS - 5);
  expect(told(alice)).toEqual([]);
  await cluster.clock.advanceAsync(10);
  expect(told(alice)).toEqual([[['carol', 'dave'], ['bob'], 3]]);
});

test('[RCH4] who joins knows who is there from its answer on, and is told how many', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  await ask(cluster, alice, join);
  expect(await members(cluster, alice)).toEqual(['alice']);
  const bob = await cluster.device(await cluster.node(), 'bob', 'bob1', { rtm });
  await ask(cluster, bob, join);
  await batch(cluster);
  await batch(cluster);
  expect(told(alice).flatMap(([joined]) => joined)).toEqual(['bob']);
  expect(told(alice).at(-1)?.[2]).toBe(2);
  expect(told(bob)).toEqual([[[], [], 2]]);
});

test('[RCH5] a user is one member, with however many pages', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  const bob2 = await cluster.device(node, 'bob', 'bob2', { rtm: { ...rtm, beside: true } });
  await ask(cluster, bob2, join);
  await ask(cluster, bob, leave);
  await batch(cluster);
  expect([told(alice), await members(cluster, alice)]).toEqual([[], ['alice', 'bob']]);
  await ask(cluster, bob2, leave);
  await batch(cluster);
  expect(told(alice)).toEqual([[[], ['bob'], 1]]);
});

test('[RCH6] what the bus lost is told with the next round', async () => {
  const { cluster, alice, bob } = await aliceAndBob();
  const publish = cluster.bus.publishToChannel.bind(cluster.bus);
  cluster.bus.publishToChannel = () => undefined;
  await ask(cluster, bob, leave);
  await batch(cluster);
  cluster.bus.publishToChannel = publish;
  expect(told(alice)).toEqual([]);
  await cluster.clock.advanceAsync(MEMBERS_SWEEP_MS);
  expect(told(alice)).toEqual([[[], ['bob'], 1]]);
});

test('[RCH7] the members of one’s own channel are listed, those of any are counted', async () => {
  const { cluster, node, alice } = await aliceAndBob();
  expect(await members(cluster, alice)).toEqual(['alice', 'bob']);
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  const counted = { type: 'rtm-count', channels: ['empty', 'room', 'room'] } as const;
  expect(await answerTo(cluster, carol, counted)).toMatchObject({ counts: [0, 2, 2] });
});

test('[RCH7] so many members are listed, and no more', async () => {
  const { cluster, alice } = await aliceAndBob();
  let asked: number | undefined;
  const read = cluster.store.members.bind(cluster.store);
  cluster.store.members = (all, limit) => {
    asked = limit;
    return read(all, limit);
  };
  await members(cluster, alice);
  expect(asked).toBe(MAX_LISTED_MEMBERS);
});

test('[RCH8] also when the page goes while it joins', async () => {
  const cluster = slowCluster();
  const node = await cluster.node();
  let subscribed = 0;
  const subscribe = cluster.bus.subscribeToChannel.bind(cluster.bus);
  cluster.bus.subscribeToChannel = (channel, hear) => {
    subscribed += 1;
    const stop = subscribe(channel, hear);
    return () => {
      subscribed -= 1;
      stop();
    };
  };
  const [carol, dave] = [
    await cluster.device(node, 'carol', 'carol1', { rtm }),
    await cluster.device(node, 'dave', 'dave1', { rtm }),
  ];
  await cluster.clock.advanceAsync(100);
  const before = await cluster.clock.untilSettled(cluster.store.countMembers(['room']));
  carol.ask(join);
  await cluster.clock.advanceAsync(1);
  carol.wire.drop();
  await cluster.clock.advanceAsync(100);
  const after = await cluster.clock.untilSettled(cluster.store.countMembers(['room']));
  expect([before, after, subscribed]).toEqual([[0], [1], 0]);
  dave.ask(join);
  await cluster.clock.advanceAsync(100);
  expect(subscribed).toBe(1);
  // It may come back: for so long it is listened for it.
  dave.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS - 100);
  expect(subscribed).toBe(1);
  await cluster.clock.advanceAsync(200);
  expect(subscribed).toBe(0);
});

test.each(['another page is in it', 'nobody else is in it'])(
  '[RCH10] a page that comes back is told what it missed, in order and without its own, where on its node %s',
  async (where) => {
    const { cluster, node, other, alice, bob } = await aliceAndBob(2);
    if (where === 'another page is in it') {
      const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
      await ask(cluster, carol, join);
    }
    await ask(cluster, bob, say('heard'));
    await ask(cluster, alice, say('said'));
    await cluster.clock.advanceAsync(2 * PING_RTM_MS + 10);
    alice.wire.drop();
    for (const text of ['one', 'two', 'three']) await ask(cluster, bob, say(text));
    const back = await cluster.device(node, 'alice', 'alice1', backAs(alice));
    await ask(cluster, bob, say('four'));
    expect([texts(alice), texts(back)]).toEqual([['heard'], ['one', 'two', 'three', 'four']]);
    // A node that did not hear the channel has nothing to tell.
    back.wire.drop();
    await ask(cluster, bob, leave);
    await cluster.clock.advanceAsync(10);
    const elsewhere = await cluster.device(await cluster.node(), 'alice', 'alice1', backAs(back));
    const bob2 = await cluster.device(other, 'bob', 'bob2', { rtm: { ...rtm, beside: true } });
    await ask(cluster, bob2, join);
    await ask(cluster, bob2, say('five'));
    expect(texts(elsewhere)).toEqual(['five']);
  },
);

test('[RCH10] also one whose loss nobody has noticed when it is back', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  alice.wire.cut();
  await cluster.clock.advanceAsync(10);
  await ask(cluster, bob, say('one'));
  const back = await cluster.device(node, 'alice', 'alice1', backAs(alice));
  expect(texts(back)).toEqual(['one']);
});

test('[RCH10] also what was under way to a socket that was reset, but nothing of before it joined', async () => {
  const { cluster, node, bob } = await aliceAndBob();
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  await ask(cluster, bob, say('before'));
  await cluster.clock.advanceAsync(10);
  await ask(cluster, carol, join);
  await cluster.clock.advanceAsync(10);
  carol.wire.cut();
  await ask(cluster, bob, say('under way'));
  await cluster.clock.advanceAsync(10);
  carol.wire.drop();
  await ask(cluster, bob, say('away'));
  const back = await cluster.device(node, 'carol', 'carol1', backAs(carol));
  expect([texts(carol), texts(back)]).toEqual([[], ['under way', 'away']]);
});

test('[RCH10] no more than MAX_MISSED_CHANNEL_MESSAGES, the latest, and none for who has just joined', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  alice.wire.drop();
  const said = Array.from({ length: MAX_MISSED_CHANNEL_MESSAGES + 1 }, (_, i) => String(i));
  for (const text of said) bob.ask(say(text));
  await cluster.settle();
  const back = await cluster.device(node, 'alice', 'alice1', backAs(alice));
  expect(texts(back)).toEqual(said.slice(1));
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  await ask(cluster, carol, join);
  expect(texts(carol)).toEqual([]);
});

test('[RCH10] nothing that is older than a login lasts is kept', () => {
  const kept = new SaidLately();
  const bob = { user: 'bob', device: 'bob1' };
  const asker = { user: 'alice', device: 'alice1' };
  for (const at of [0, 1, 2]) kept.note({ at, by: bob, frame: String(at) });
  expect(kept.since(1, asker, RTM_OFFLINE_AFTER_MS)).toEqual(['1', '2']);
  expect(kept.since(0, asker, RTM_OFFLINE_AFTER_MS + 1)).toEqual(['1', '2']);
  expect(kept.since(0, bob, RTM_OFFLINE_AFTER_MS + 1)).toEqual([]);
  kept.prune(RTM_OFFLINE_AFTER_MS + 3);
  expect(kept.since(0, asker, 0)).toEqual([]);
});

test('[RCH8] a node that has stopped listens for none, and has nothing to wait for', async () => {
  const { cluster, other, alice, bob } = await aliceAndBob(2);
  let stopped = 0;
  const subscribe = cluster.bus.subscribeToChannel.bind(cluster.bus);
  let subscribed = 0;
  cluster.bus.subscribeToChannel = (channel, hear) => {
    subscribed += 1;
    const stop = subscribe(channel, hear);
    return () => {
      stopped += 1;
      stop();
    };
  };
  const carol = await cluster.device(other, 'carol', 'carol1', { rtm });
  await ask(cluster, carol, { ...join, channel: 'away' });
  carol.wire.drop();
  await cluster.settle();
  expect([subscribed, stopped]).toEqual([2, 1]);
  await cluster.stop(other);
  await cluster.settle();
  expect([bob.closedWith, alice.closedWith]).toEqual([4503, undefined]);
  // Neither for the channel that waited, nor for Bob's.
  expect([subscribed, stopped]).toEqual([2, 2]);
});

test('[RCH9] with an expired token a page hears nothing, and with a new one it does', async () => {
  const { cluster, node, alice } = await aliceAndBob();
  const until = cluster.clock.now() + 2_000;
  const carol = await cluster.socket(node);
  carol.hello(`carol until ${until}`, 'carol1', { rtm });
  await cluster.settle();
  await ask(cluster, carol, join);
  await cluster.clock.advanceAsync(2_000);
  await ask(cluster, alice, say('unheard'));
  expect(await ask(cluster, carol, say('unsaid'))).toBe('forbidden');
  await ask(cluster, carol, { type: 'renew-token', token: 'carol' });
  await ask(cluster, alice, say('heard'));
  expect(texts(carol)).toEqual(['heard']);
});

test('[STP1] [RCH2] a join that is repeated after one has left does not bring one back', async () => {
  const { cluster, node, bob } = await aliceAndBob();
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  const seq = carol.ask(join);
  await cluster.settle();
  await ask(cluster, carol, leave);
  carol.wire.drop();
  const back = await cluster.device(node, 'carol', 'carol1', { rtm });
  back.say({ ...join, seq });
  await cluster.settle();
  expect(back.answerTo(seq)?.type).toBe('done');
  await ask(cluster, bob, say('hello'));
  expect([texts(back), await members(cluster, bob)]).toEqual([[], ['alice', 'bob']]);
});

test('[STP9] [RCH1] a listener that fails keeps nothing from the others', async () => {
  const { cluster, alice, bob } = await aliceAndBob();
  cluster.bus.subscribeToChannel('room', () => {
    throw new Error('a defect');
  });
  await ask(cluster, alice, say('hello'));
  expect(texts(bob)).toEqual(['hello']);
  expect(cluster.log.lines).toContainEqual(
    expect.objectContaining({ fields: expect.objectContaining({ channel: 'room' }) }),
  );
});
