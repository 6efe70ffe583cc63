import type { RtmBody, RtmMessage, ServerMessage } from '@ringline/protocol';
import { MAX_MESSAGE_BYTES, RTM_MESSAGE_TIMEOUT_MS, encode } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import {
  MAX_UNHEARD,
  MAX_UNHEARD_BYTES,
  MAX_UNHEARD_TO_BYTES,
  MAX_UNHEARD_FROM,
  MAX_UNHEARD_TO,
  MISSED_MESSAGES_BYTES,
  PeerMessages,
  REPEAT_MS,
} from '../../src/rtm/peer-messages.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const rtm = { invitations: [] };

let made = 0;

/** Says a text, without waiting; gives the request's number. */
function say(device: TestDevice, text: string, to = 'bob', id?: string): number {
  made += 1;
  const message = id ?? `message-${String(made).padStart(10, '0')}`;
  return device.ask({ type: 'rtm-send', message, to, body: { kind: 'text', text } });
}

type Said = Extract<ServerMessage, { type: 'rtm-message' }>;

function heard({ heard: all }: TestDevice): readonly Said[] {
  return all.filter((message): message is Said => message.type === 'rtm-message');
}

function texts(device: TestDevice): readonly string[] {
  return heard(device).map(({ body }) => (body.kind === 'text' ? body.text : body.raw));
}

/** The page says that it has everything it heard. */
async function acknowledge(cluster: TestCluster, device: TestDevice): Promise<void> {
  for (const { from, message } of heard(device)) device.say({ type: 'rtm-got', from, message });
  await cluster.settle();
}

/** What the sender was told: received, not received, or nothing yet. */
function told(device: TestDevice, seq: number): boolean | undefined {
  const answer = device.answerTo(seq);
  return answer?.type === 'rtm-sent' ? answer.received : undefined;
}

async function aliceAndBob(nodes = 1) {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const other = nodes === 1 ? node : await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob = await cluster.device(other, 'bob', 'bob1', { rtm });
  return { cluster, node, other, alice, bob };
}

test.each([1, 2])(
  '[RPM1] a message reaches its peer over %i nodes, and its sender learns that it has',
  async (nodes) => {
    const { cluster, other, alice, bob } = await aliceAndBob(nodes);
    const softphone = await cluster.device(other, 'bob', 'bob2');
    const body: RtmBody = { kind: 'raw', raw: 'AQID', description: 'three \u0000 bytes' };
    const message = 'message-of-alice-1';
    const seq = alice.ask({ type: 'rtm-send', message, to: 'bob', body });
    await cluster.settle();
    expect(heard(bob)).toEqual([
      { type: 'rtm-message', message, from: 'alice', at: expect.any(Number), body },
    ]);
    expect([heard(softphone), heard(alice), told(alice, seq)]).toEqual([[], [], undefined]);
    await acknowledge(cluster, bob);
    expect(told(alice, seq)).toBe(true);
  },
);

test('[RPM2] nobody there is not received, at once; so is a softphone alone', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  await cluster.device(node, 'bob', 'bob2');
  const [one, two] = [say(alice, 'a'), say(alice, 'b', 'nobody')];
  await cluster.settle();
  expect([told(alice, one), told(alice, two)]).toEqual([false, false]);
});

test('[RPM2] [RPM3] a page that was lost hears everything when it is back, in order', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  bob.wire.drop();
  await cluster.settle();
  const seqs = ['one', 'two', 'three'].map((text) => say(alice, text));
  await cluster.clock.advanceAsync(REPEAT_MS / 2);
  const back = await cluster.device(node, 'bob', 'bob1', { rtm });
  expect(texts(back)).toEqual(['one', 'two', 'three']);
  await acknowledge(cluster, back);
  expect(seqs.map((seq) => told(alice, seq))).toEqual([true, true, true]);
});

test('[RPM2] what nobody has in time is not received, and not said any more', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  bob.wire.drop();
  await cluster.settle();
  const seq = say(alice, 'late');
  await cluster.clock.advanceAsync(RTM_MESSAGE_TIMEOUT_MS - 10);
  expect(told(alice, seq)).toBeUndefined();
  await cluster.clock.advanceAsync(20);
  expect(told(alice, seq)).toBe(false);
  const back = await cluster.device(node, 'bob', 'bob1', { rtm });
  await cluster.clock.advanceAsync(REPEAT_MS);
  expect(heard(back)).toEqual([]);
});

test('[RPM3] many are said in the order in which they were sent', async () => {
  const { cluster, alice, bob } = await aliceAndBob(2);
  const expected = Array.from({ length: 50 }, (_, i) => String(i));
  for (const text of expected) say(alice, text);
  await cluster.settle();
  expect(texts(bob)).toEqual(expected);
});

test('[RPM4] what the bus lost is said again', async () => {
  const { cluster, alice, bob } = await aliceAndBob();
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = () => undefined;
  const seq = say(alice, 'lost');
  await cluster.settle();
  cluster.bus.publish = publish;
  expect(texts(bob)).toEqual([]);
  await cluster.clock.advanceAsync(REPEAT_MS);
  expect(texts(bob)).toEqual(['lost']);
  await acknowledge(cluster, bob);
  expect(told(alice, seq)).toBe(true);
  await cluster.clock.advanceAsync(2 * REPEAT_MS);
  expect(texts(bob)).toEqual(['lost']);
});

test('[RPM4] only what has not been said for so long is said again', async () => {
  const { cluster, alice, bob } = await aliceAndBob();
  say(alice, 'older');
  await cluster.clock.advanceAsync(REPEAT_MS - 500);
  say(alice, 'newer');
  await cluster.clock.advanceAsync(500);
  expect(texts(bob)).toEqual(['older', 'newer', 'older']);
  await cluster.clock.advanceAsync(REPEAT_MS);
  expect(texts(bob)).toEqual(['older', 'newer', 'older', 'older', 'newer']);
});

test('[RPM5] said again over another connection, both are answered', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  const id = 'message-said-twice';
  say(alice, 'twice', 'bob', id);
  await cluster.settle();
  alice.wire.drop();
  const back = await cluster.device(node, 'alice', 'alice1', { rtm });
  const seq = say(back, 'twice', 'bob', id);
  await cluster.settle();
  expect(heard(bob).map(({ message }) => message)).toEqual([id, id]);
  await acknowledge(cluster, bob);
  expect(told(back, seq)).toBe(true);
});

test('[RPM6] a stranger cannot say that it came', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  const mallory = await cluster.device(node, 'mallory', 'mallory1', { rtm });
  const seq = say(alice, 'for bob');
  await cluster.settle();
  const [message] = heard(bob);
  mallory.say({ type: 'rtm-got', from: 'alice', message: message?.message ?? '' });
  await cluster.settle();
  expect(told(alice, seq)).toBeUndefined();
});

test('[RPM8] messages of two senders with one id are two messages', async () => {
  const { cluster, node, alice, bob } = await aliceAndBob();
  const carol = await cluster.device(node, 'carol', 'carol1', { rtm });
  const id = 'message-of-everybody';
  const [one, two] = [say(alice, 'of alice', 'bob', id), say(carol, 'of carol', 'bob', id)];
  await cluster.settle();
  bob.say({ type: 'rtm-got', from: 'carol', message: id });
  await cluster.settle();
  expect([told(alice, one), told(carol, two)]).toEqual([undefined, true]);
  await cluster.clock.advanceAsync(REPEAT_MS);
  expect(texts(bob)).toEqual(['of alice', 'of carol', 'of alice']);
  bob.say({ type: 'rtm-got', from: 'alice', message: id });
  await cluster.settle();
  expect(told(alice, one)).toBe(true);
});

/** The messages of a node to users who are all there, said and heard without pages. */
function messagesAlone() {
  const clock = new VirtualClock();
  const store = new MemoryStore();
  const { bus } = new TestCluster({ clock });
  const logins = [{ user: 'somebody', device: 'somewhere', endsAt: null }];
  const messages = new PeerMessages({
    clock,
    bus,
    store: {
      load: async (scope) => ({
        ...(await store.load(scope)),
        rtm: {
          invitation: undefined,
          isCalleeHere: false,
          open: 0,
          incoming: 0,
          between: 0,
          logins,
          attributes: { version: 0, attributes: [] },
          isThere: false,
        },
      }),
    },
  });
  const settled: boolean[] = [];
  /** Says the message of this number. */
  const sayFrom = async (from: string, to: string, i: number, text = '') => {
    const message = numbered(i);
    const body: RtmBody = { kind: 'text', text };
    const said = { type: 'rtm-message', message, from, at: 0, body } as const;
    const { received } = await messages.say(to, said);
    void received.then((isThere) => settled.push(isThere));
    await clock.advanceAsync(0);
  };
  return { bus, clock, messages, sayFrom, settled };
}

function numbered(i: number): string {
  return `message-${String(i).padStart(10, '0')}`;
}

test('[RPM7] a node keeps so many that nobody has, and no more', async () => {
  const { clock, messages, sayFrom, settled } = messagesAlone();
  const apart = (i: number) =>
    [`from ${Math.floor(i / 100)}`, `to ${Math.floor(i / 100)}`] as const;
  for (let i = 0; i < MAX_UNHEARD; i++) await sayFrom(...apart(i), i);
  expect(settled).toEqual([]);
  await sayFrom('alice', 'bob', MAX_UNHEARD);
  expect(settled).toEqual([false]);
  messages.heard('from 0', 'to 0', numbered(0));
  await sayFrom('alice', 'bob', MAX_UNHEARD);
  expect(settled).toEqual([false, true]);
  messages.stop();
  await clock.advanceAsync(0);
  expect(settled).toHaveLength(MAX_UNHEARD + 2);
});

test('[RPM7] of one sender so many, whoever the receivers; others are not hindered', async () => {
  const { messages, sayFrom, settled } = messagesAlone();
  for (let i = 0; i < MAX_UNHEARD_FROM; i++) await sayFrom('mallory', `user ${i % 3}`, i);
  expect(settled).toEqual([]);
  await sayFrom('mallory', 'bob', MAX_UNHEARD_FROM);
  expect(settled).toEqual([false]);
  await sayFrom('alice', 'bob', 0);
  await sayFrom('mallory', 'user 0', 0);
  expect(settled).toEqual([false]);
  messages.heard('mallory', 'user 1', numbered(1));
  await sayFrom('mallory', 'bob', MAX_UNHEARD_FROM);
  expect(settled).toEqual([false, true]);
});

test('[RPM7] to one receiver so many, whoever the senders; others are not hindered', async () => {
  const { messages, sayFrom, settled } = messagesAlone();
  for (let i = 0; i < MAX_UNHEARD_TO; i++) await sayFrom(`user ${i % 10}`, 'sink', i);
  expect(settled).toEqual([]);
  await sayFrom('alice', 'sink', MAX_UNHEARD_TO);
  expect(settled).toEqual([false]);
  await sayFrom('alice', 'bob', 0);
  expect(settled).toEqual([false]);
  messages.heard('user 1', 'sink', numbered(1));
  await sayFrom('alice', 'sink', MAX_UNHEARD_TO);
  expect(settled).toEqual([false, true]);
});

test('[RPM7] of bytes so many to one receiver, and so many at all; what was had makes room', async () => {
  const { messages, sayFrom, settled } = messagesAlone();
  const text = 'ö'.repeat(MAX_MESSAGE_BYTES / 2);
  const fill = MAX_UNHEARD_TO_BYTES / MAX_MESSAGE_BYTES;
  for (let to = 0; to < MAX_UNHEARD_BYTES / MAX_UNHEARD_TO_BYTES; to++) {
    for (let i = 0; i < fill; i++) await sayFrom(`${to} ${i % 10}`, `to ${to}`, i, text);
    expect(settled).toEqual(Array.from({ length: to }, () => false));
    // One byte more to this one is too much; again what waits already is not, nor nothing.
    await sayFrom('alice', `to ${to}`, fill, 'a');
    await sayFrom('alice', `to ${to}`, fill + 1);
    await sayFrom(`${to} 0`, `to ${to}`, 0, text);
    expect(settled).toEqual(Array.from({ length: to + 1 }, () => false));
  }
  settled.length = 0;
  await sayFrom('alice', 'bob', 0, 'a');
  expect(settled).toEqual([false]);
  messages.heard('1 1', 'to 1', numbered(1));
  await sayFrom('alice', 'bob', 0, text);
  expect(settled).toEqual([false, true]);
});

test('[RPM9] what a page missed is told it in portions, each when it has the one before, and in order', async () => {
  const { bus, clock, messages, sayFrom } = messagesAlone();
  const frames: RtmMessage[] = [];
  bus.subscribe('bob', (delivery) => {
    if (delivery.kind === 'rtm-message') frames.push(delivery.message);
  });
  // As a frame each is six times as long.
  const text = '\u0001'.repeat(MAX_MESSAGE_BYTES / 4);
  for (let i = 0; i < 20; i++) await sayFrom('alice', 'bob', i, text);
  frames.length = 0;
  bus.publishMove('bob');
  await clock.advanceAsync(0);
  const portion = Math.ceil(
    MISSED_MESSAGES_BYTES / Buffer.byteLength(encode(frames[0] as RtmMessage)),
  );
  expect(frames).toHaveLength(portion);
  // One that is said meanwhile waits for those before it, and so does one that is said again.
  await sayFrom('carol', 'bob', 20, 'meanwhile');
  await sayFrom('alice', 'bob', 19, text);
  expect(frames).toHaveLength(portion);
  for (const { from, message } of frames) {
    messages.heard(from, 'bob', message);
    await clock.advanceAsync(0);
  }
  expect(frames.map(({ message }) => message)).toEqual(
    Array.from({ length: 21 }, (_, i) => numbered(i)),
  );
  // Nothing waits any more: what is said is said at once.
  for (let i = 30; i < 60; i++) await sayFrom('alice', 'bob', i, text);
  expect(frames).toHaveLength(21 + 30);
});

test('[RPM9] a page that comes twice is told the first portion twice, and after the stop of a node nothing follows', async () => {
  const { bus, clock, messages, sayFrom, settled } = messagesAlone();
  let said = 0;
  bus.subscribe('bob', ({ kind }) => void (said += kind === 'rtm-message' ? 1 : 0));
  const text = 'a'.repeat(MAX_MESSAGE_BYTES);
  for (let i = 0; i < 20; i++) {
    await sayFrom('alice', 'bob', i, text);
    await clock.advanceAsync(1);
  }
  bus.publishMove('bob');
  await clock.advanceAsync(0);
  const portion = said - 20;
  expect(portion).toBe(MISSED_MESSAGES_BYTES / MAX_MESSAGE_BYTES);
  bus.publishMove('bob');
  await clock.advanceAsync(0);
  expect(said).toBe(20 + 2 * portion);
  messages.stop();
  await clock.advanceAsync(0);
  expect([said, settled.length]).toEqual([20 + 2 * portion, 20]);
});

test('[GTW16] while the store is away a message is refused, and said again later', async () => {
  const { cluster, alice } = await aliceAndBob();
  const load = cluster.store.load.bind(cluster.store);
  const { StoreFault } = await import('../../src/store/store.ts');
  cluster.store.load = () => Promise.reject(new StoreFault('away', undefined));
  const seq = say(alice, 'a');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'refused', code: 'unavailable' });
  cluster.store.load = load;
});
