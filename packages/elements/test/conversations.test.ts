import type { Message } from '@ringline/client';
import { expect, test } from 'vitest';
import { Conversations } from '../src/model/conversations.ts';
import type { Marks } from '../src/model/marks.ts';
import { passingMarks } from '../src/model/marks.ts';
import { FakeLists, recordAt, text } from './support/fake-lists.ts';

function conversationsOf(
  box: readonly Message[] = [],
  marks: Marks = passingMarks(),
): [Conversations, FakeLists] {
  const client = new FakeLists();
  client.box = [...box];
  const conversations = new Conversations(
    client,
    () => marks,
    () => 5_000_000,
  );
  conversations.connected();
  return [conversations, client];
}

const words = (messages: readonly Message[]) =>
  messages.map((message) => (message.kind === 'text' ? message.text : message.kind));

test('the overview has the newest conversation first, from the end of the inbox, and goes back on demand', async () => {
  const box = Array.from({ length: 150 }, (_, i) => text(i + 1, i < 40 ? 'bob' : 'carol', `${i}`));
  const [conversations] = conversationsOf(box);
  await conversations.load();
  expect(conversations.all.map(({ peer }) => peer)).toEqual(['carol']);
  expect(conversations.hasOlder).toBe(true);
  await conversations.loadOlder();
  expect(conversations.all.map(({ peer }) => peer)).toEqual(['carol', 'bob']);
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

test('unread are messages of others since the last reading, over reloads; calls and own ones are not', () => {
  const marks = passingMarks();
  const [conversations] = conversationsOf([], marks);
  conversations.receive(text(1, 'bob', 'one'));
  conversations.receive(text(2, 'alice', 'mine', 'bob'));
  conversations.receive({
    kind: 'record',
    id: 'r',
    cursor: 3,
    from: 'bob',
    to: 'alice',
    at: 3000,
    record: recordAt(3000),
  });
  conversations.receive(text(4, 'carol', 'two'));
  expect(conversations.unread).toBe(2);
  expect(conversations.with('bob').firstUnread?.cursor).toBe(1);
  conversations.with('bob').read();
  expect(conversations.unread).toBe(1);

  const [reloaded] = conversationsOf([], marks);
  reloaded.receive(text(1, 'bob', 'one'));
  reloaded.receive(text(4, 'carol', 'two'));
  expect(reloaded.unreadOf('bob')).toBe(0);
  expect(reloaded.unreadOf('carol')).toBe(1);
});

test('in a new browser only what no device of this user had before counts as unread', async () => {
  const client = new FakeLists();
  client.box = [text(1, 'bob', 'known'), text(2, 'bob', 'new')];
  client.cursor = 1;
  const marks = passingMarks();
  const conversations = new Conversations(
    client,
    () => marks,
    () => 0,
  );
  conversations.connected();
  await conversations.load();
  expect(conversations.unread).toBe(1);
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
