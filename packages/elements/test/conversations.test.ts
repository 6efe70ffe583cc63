import type { Message } from '@ringline/client';
import { expect, test } from 'vitest';
import { Conversations } from '../src/model/conversations.ts';
import { FakeLists, call, text } from './support/fake-lists.ts';

function conversationsOf(box: readonly Message[] = []): [Conversations, FakeLists] {
  const client = new FakeLists();
  client.box = [...box];
  let made = 0;
  const newKey = () => `key ${++made}`;
  return [new Conversations(client, { now: () => 5_000_000, newKey }), client];
}

/** Everything that was promised and waits for nothing else is there. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const words = (messages: readonly Message[]) =>
  messages.map((message) => (message.kind === 'text' ? message.text : message.kind));

test('the overview has the newest conversation first, page by page', async () => {
  const box = Array.from({ length: 60 }, (_, i) => text(i + 1, `peer${i}`, `${i}`));
  const [conversations] = conversationsOf(box);
  await conversations.load();
  expect(conversations.all).toHaveLength(50);
  expect(conversations.all[0]?.peer).toBe('peer59');
  expect(conversations.hasOlder).toBe(true);
  await conversations.loadOlder();
  expect(conversations.all.at(-1)?.peer).toBe('peer0');
  expect(conversations.hasOlder).toBe(false);
});

test('a conversation: the newest page, then older ones, each message once and in order', async () => {
  const box = Array.from({ length: 120 }, (_, i) => text(i + 1, 'bob', `${i + 1}`));
  const [conversations] = conversationsOf(box);
  const bob = conversations.with('bob');
  await bob.begin();
  expect(bob.messages).toHaveLength(50);
  expect(bob.hasOlder).toBe(true);
  await bob.loadOlder();
  await bob.loadOlder();
  expect(words(bob.messages)).toEqual(box.map((_, i) => `${i + 1}`));
  expect(bob.hasOlder).toBe(false);
});

test('the first page says nothing about what is older than what the overview knows', async () => {
  const box = Array.from({ length: 200 }, (_, i) => text(i + 1, 'bob', `${i + 1}`));
  const [conversations] = conversationsOf(box);
  await conversations.load();
  const bob = conversations.with('bob');
  await bob.begin();
  expect(bob.messages).toHaveLength(100);
  await bob.loadOlder();
  await bob.loadOlder();
  expect(bob.messages).toHaveLength(200);
  expect(bob.hasOlder).toBe(false);
});

test('unread is what the server counts, calls left out; what comes is counted before the server says so', async () => {
  const [conversations, client] = conversationsOf([
    text(1, 'bob', 'one'),
    text(2, 'alice', 'mine', 'bob'),
    call(3),
    text(4, 'carol', 'two'),
  ]);
  await conversations.load();
  expect([conversations.unreadOf('bob'), conversations.unreadOf('carol')]).toEqual([1, 1]);
  expect(conversations.unread).toBe(2);
  conversations.receive(text(5, 'bob', 'three'));
  conversations.receive(call(6));
  expect(conversations.unreadOf('bob')).toBe(2);
  client.box = [...client.box, text(5, 'bob', 'three'), call(6)];
  conversations.follow({ ...client.standOf('bob'), revision: 2 });
  expect(conversations.unreadOf('bob')).toBe(2);
});

test('a conversation of which nothing but calls is new has nothing unread, also after a reload', async () => {
  const [conversations] = conversationsOf([call(1), call(2), call(3)]);
  await conversations.load();
  expect(conversations.unread).toBe(0);
});

test('a look into the inbox leaves no gap in the conversations of others', async () => {
  const many = Array.from({ length: 80 }, (_, i) => text(i + 1, 'carol', `${i + 1}`));
  const [conversations, client] = conversationsOf([
    ...many,
    call(81),
    call(82),
    ...Array.from({ length: 200 }, (_, i) => text(i + 83, 'alice', '-', 'dave')),
    text(283, 'carol', 'last'),
  ]);
  client.stands.set('carol', { unread: 0, readUpTo: 283 });
  await conversations.load();
  expect(conversations.unreadOf('bob')).toBe(0);
  expect(words(conversations.with('carol').messages)).toEqual(['last']);
});

test('what this user reads is read at once, and said once; what another device reads is read here', async () => {
  const [conversations, client] = conversationsOf([text(1, 'bob', 'one'), text(2, 'bob', 'two')]);
  await conversations.load();
  const bob = conversations.with('bob');
  bob.read();
  expect(client.reads).toEqual([]);
  await bob.begin();
  expect(bob.firstUnread?.cursor).toBe(1);
  bob.read();
  bob.read();
  expect([conversations.unread, bob.firstUnread]).toEqual([0, undefined]);
  expect(client.reads).toEqual(['bob 2']);
  conversations.receive(text(3, 'bob', 'three'));
  expect(conversations.unread).toBe(1);
  conversations.follow({ ...client.standOf('bob'), readUpTo: 3, unread: 0, revision: 3 });
  expect(conversations.unread).toBe(0);
  conversations.receive(text(4, 'alice', 'mine', 'bob'));
  bob.read();
  expect(client.reads).toHaveLength(1);
});

test('a call is read with the conversation, as the server counts it', async () => {
  const [conversations, client] = conversationsOf([call(1)]);
  await conversations.load();
  const bob = conversations.with('bob');
  await bob.begin();
  bob.read();
  expect(client.reads).toEqual(['bob 1']);
});

test('what was read without a connection is said with the next one', async () => {
  const [conversations, client] = conversationsOf([text(1, 'bob', 'one')]);
  await conversations.load();
  const bob = conversations.with('bob');
  await bob.begin();
  client.fault = new Error('away');
  bob.read();
  await settled();
  expect(conversations.unread).toBe(0);
  client.fault = undefined;
  conversations.connected();
  conversations.connected();
  await settled();
  conversations.connected();
  expect(client.reads).toEqual(['bob 1', 'bob 1']);
});

test('who reads along says so once for all that came while the word before was on its way', async () => {
  const [conversations, client] = conversationsOf([text(1, 'bob', 'one')]);
  await conversations.load();
  const bob = conversations.with('bob');
  await bob.begin();
  const answer = Promise.withResolvers<void>();
  client.reading = answer.promise;
  bob.read();
  for (const cursor of [2, 3, 4]) {
    conversations.receive(text(cursor, 'bob', 'more'));
    bob.read();
  }
  expect(client.reads).toEqual(['bob 1']);
  answer.resolve();
  await settled();
  expect(client.reads).toEqual(['bob 1', 'bob 4']);
});

test('a list that is older than what the server has told meanwhile changes nothing', async () => {
  const [conversations, client] = conversationsOf([text(1, 'bob', 'one')]);
  const loading = conversations.load();
  conversations.follow({ ...client.standOf('bob'), readUpTo: 1, unread: 0, revision: 2 });
  await loading;
  expect(conversations.unread).toBe(0);
});

test('a conversation that no list has told of asks where it stands', async () => {
  const [conversations] = conversationsOf([text(1, 'bob', 'one'), text(2, 'bob', 'two')]);
  const bob = conversations.with('bob');
  await bob.begin();
  expect(bob.firstUnread?.cursor).toBe(1);
});

test('one’s own messages are sent, delivered and read; those of the peer and calls are neither', () => {
  const [conversations, client] = conversationsOf();
  const mine = [1, 2, 3].map((cursor) => text(cursor, 'alice', '-', 'bob'));
  for (const message of mine) conversations.receive(message);
  const bob = conversations.with('bob');
  const progress = () => mine.map((message) => bob.progressOf(message));
  expect(progress()).toEqual(['sent', 'sent', 'sent']);
  conversations.follow({ ...client.standOf('bob'), deliveredUpTo: 2, peerReadUpTo: 1 });
  expect(progress()).toEqual(['read', 'delivered', 'sent']);
  expect(bob.progressOf(text(1, 'bob', '-'))).toBeUndefined();
  expect(bob.progressOf({ ...call(1), from: 'alice', to: 'bob' })).toBeUndefined();
});

test('a text is shown at once, and once: when its message comes before its answer, and after it', async () => {
  const [conversations, client] = conversationsOf();
  const bob = conversations.with('bob');
  const answer = Promise.withResolvers<void>();
  client.delivery = answer.promise;
  const sending = bob.send('hello');
  expect(bob.outbox).toMatchObject([{ text: 'hello', state: 'sending' }]);
  conversations.receive(text(1, 'alice', 'hello', 'bob'));
  expect(bob.outbox).toEqual([]);
  expect(words(bob.messages)).toEqual(['hello']);
  answer.resolve();
  await sending;
  expect(bob.outbox).toEqual([]);
  expect(client.sent).toEqual(['bob: hello']);
});

test('two equal texts on their way are two, until both have come back', () => {
  const [conversations, client] = conversationsOf();
  client.delivery = new Promise(() => {});
  const bob = conversations.with('bob');
  void bob.send('ok');
  void bob.send('ok');
  conversations.receive(text(1, 'alice', 'ok', 'bob'));
  expect(bob.outbox).toHaveLength(1);
  conversations.receive(text(2, 'alice', 'ok', 'bob'));
  expect(bob.outbox).toHaveLength(0);
});

test('a text that fails stays with its reason, goes out again on demand, or is discarded', async () => {
  const [conversations, client] = conversationsOf();
  const bob = conversations.with('bob');
  client.fault = new Error('away');
  await bob.send('hello');
  await bob.send('never mind');
  expect(bob.outbox).toMatchObject([
    { text: 'hello', state: 'failed', error: client.fault },
    { text: 'never mind', state: 'failed' },
  ]);
  client.fault = undefined;
  const [hello, nevermind] = bob.outbox;
  bob.discard(nevermind!.key);
  await bob.retry(hello!.key);
  expect(bob.outbox).toEqual([]);
  expect(client.sent).toEqual(['bob: hello']);
  // Perhaps only the answer was lost: under its key it arrives once.
  expect(client.keys).toEqual(['key 1', 'key 2', 'key 1']);
});

test('a text whose answer was lost, but which is there, is no failure', async () => {
  const [conversations, client] = conversationsOf();
  const bob = conversations.with('bob');
  client.fault = new Error('timeout');
  await bob.send('hello');
  conversations.receive(text(1, 'alice', 'hello', 'bob'));
  expect(bob.outbox).toEqual([]);
});

test('an older message with the same words is not taken for the one on its way', () => {
  const [conversations, client] = conversationsOf();
  client.delivery = new Promise(() => {});
  conversations.receive(text(1, 'alice', 'ok', 'bob'));
  const bob = conversations.with('bob');
  void bob.send('ok');
  expect(bob.outbox).toHaveLength(1);
});

test('a history that fails says why, and comes when it is asked again', async () => {
  const [conversations, client] = conversationsOf([text(1, 'bob', 'one')]);
  const bob = conversations.with('bob');
  client.fault = new Error('away');
  await bob.begin();
  expect(bob.state).toEqual({ kind: 'failed', error: client.fault });
  client.fault = undefined;
  await bob.begin();
  expect(words(bob.messages)).toEqual(['one']);
});

test('what could not be read without a connection is read with the next one', async () => {
  const [conversations, client] = conversationsOf([text(1, 'bob', 'one')]);
  const bob = conversations.with('bob');
  client.fault = new Error('away');
  await Promise.all([conversations.load(), bob.begin()]);
  client.fault = undefined;
  conversations.connected();
  expect([conversations.state.kind, bob.state.kind]).toEqual(['loading', 'loading']);
  await Promise.all([conversations.load(), bob.begin()]);
  expect([conversations.state.kind, bob.state.kind]).toEqual(['ready', 'ready']);
  conversations.connected();
  expect(conversations.state.kind).toBe('ready');
});
