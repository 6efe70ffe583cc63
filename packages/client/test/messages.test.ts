import { INBOX_WINDOW, KEPT_RESULTS, RECORD_STATUS } from '@ringline/protocol';
import type { CallRecord } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Message } from '../src/index.ts';
import { item } from './support/views.ts';
import type { World } from './support/world.ts';
import { codeOf, connected } from './support/world.ts';

function messagesOf({ client }: World): Message[] {
  const messages: Message[] = [];
  client.on('message', (message) => messages.push(message));
  return messages;
}

test('messages come in order, once each, and are acknowledged', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  world.server.bring(item(1), item(2));
  world.server.bring(item(2), item(3));
  await world.pass();
  expect(messages.map(({ cursor }) => cursor)).toEqual([1, 2, 3]);
  expect(messages[0]).toMatchObject({ kind: 'text', text: 'message 1', from: 'bob' });
  expect(world.server.all('acknowledge').map(({ cursor }) => cursor)).toEqual([2, 3]);
  expect(world.client.cursor).toBe(3);
});

test('after a reconnect delivery goes on behind the cursor', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  world.server.bring(item(1));
  await world.pass();
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello').cursor).toBe(1);
  world.server.bring(item(1), item(2));
  await world.pass();
  expect(messages.map(({ cursor }) => cursor)).toEqual([1, 2]);
});

test('a server that lost the acknowledgement sends again, and the app is told once', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  world.server.bring(item(1), item(2));
  await world.pass();
  // Killed before it stored anything: it knows what the device says, or not even that.
  world.server.welcome = { inbox: { head: 3, from: 0, revision: 0 } };
  world.server.wire.drop();
  await world.pass(2000);
  world.server.bring(item(1), item(2), item(3));
  await world.pass();
  expect(messages.map(({ cursor }) => cursor)).toEqual([1, 2, 3]);
  expect(world.server.last('acknowledge').cursor).toBe(3);
});

test('what was handed out between a hello and its welcome is not handed out again', async () => {
  const world = await connected();
  world.server.bring(item(1), item(2));
  await world.pass();
  world.server.silentOn.add('hello');
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello').cursor).toBe(0);
  const messages = messagesOf(world);
  await world.pass();
  world.server.silentOn.delete('hello');
  world.server.wire.drop();
  await world.pass(10_000);
  world.server.bring(item(1), item(2), item(3));
  await world.pass();
  expect(messages.map(({ cursor }) => cursor)).toEqual([1, 2, 3]);
});

test('after a restored backup the app is told what is new, and nothing twice', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  world.server.bring(item(1), item(2), item(3));
  await world.pass();
  // The server has lost the third one, and others took its place and more.
  world.server.welcome = { inbox: { head: 5, from: 1, revision: 0 } };
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello')).toMatchObject({ cursor: 3, cursorId: item(3).id });
  const other = (cursor: number) => ({ ...item(cursor), id: `other ${cursor}` });
  world.server.bring(item(2), other(3), other(4), other(5));
  await world.pass();
  const ids = [item(1), item(2), item(3), other(3), other(4), other(5)].map(({ id }) => id);
  expect(messages.map(({ id }) => id)).toEqual(ids);
  world.server.welcome = {};
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello')).toMatchObject({ cursor: 5, cursorId: 'other 5' });
});

test('ids are remembered as far as a server sends again', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  const all = Array.from({ length: INBOX_WINDOW + 1 }, (_, i) => item(i + 1));
  world.server.bring(...all);
  await world.pass();
  world.server.welcome = { inbox: { head: all.length, from: 0, revision: 0 } };
  world.server.wire.drop();
  await world.pass(2000);
  world.server.bring(...all.slice(1));
  await world.pass();
  expect(messages).toHaveLength(all.length);
});

test('where the server continues elsewhere, the id of the item there is not known', async () => {
  const world = await connected();
  messagesOf(world);
  world.server.bring(item(1));
  await world.pass();
  world.server.welcome = { inbox: { head: 9, from: 7, revision: 0 } };
  for (let i = 0; i < 2; i++) {
    world.server.wire.drop();
    await world.pass(2000);
  }
  expect(world.server.last('hello').cursor).toBe(7);
  expect(world.server.last('hello')).not.toHaveProperty('cursorId');
});

test('an app that remembers its cursor says so', async () => {
  const world = await connected({ cursor: 7 });
  expect(world.server.last('hello').cursor).toBe(7);
});

test('messages that nobody listens to wait, and are not acknowledged', async () => {
  const world = await connected();
  world.server.bring(item(1), item(2));
  await world.pass();
  expect(world.server.all('acknowledge')).toEqual([]);
  const messages = messagesOf(world);
  await world.pass();
  expect(messages).toHaveLength(2);
  expect(world.server.last('acknowledge').cursor).toBe(2);
});

test('a listener for one message leaves the next ones waiting', async () => {
  const world = await connected();
  world.server.bring(item(1), item(2));
  const first: Message[] = [];
  world.client.once('message', (message) => first.push(message));
  await world.pass();
  expect(first.map(({ cursor }) => cursor)).toEqual([1]);
  const rest = messagesOf(world);
  await world.pass();
  expect(rest.map(({ cursor }) => cursor)).toEqual([2]);
});

test('a gap means a lost delivery: the device says hello again from its cursor', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  world.server.bring(item(1));
  await world.pass();
  world.server.bring(item(3));
  await world.pass(2000);
  expect(messages).toHaveLength(1);
  expect(world.server.all('hello')).toHaveLength(2);
  expect(world.server.last('hello').cursor).toBe(1);
});

test('a gap right behind the welcome is what the server has', async () => {
  const world = await connected({ cursor: 3 });
  const messages = messagesOf(world);
  world.server.bring(item(7));
  await world.pass(2000);
  expect(messages.map(({ cursor }) => cursor)).toEqual([7]);
  expect(world.server.all('hello')).toHaveLength(1);
});

test('an inbox that begins behind what this app has seen began anew', async () => {
  const world = await connected({ cursor: 50 });
  const messages = messagesOf(world);
  world.server.welcome = { inbox: { head: 2, from: 2, revision: 0 } };
  world.server.wire.drop();
  await world.pass(2000);
  world.server.bring(item(3));
  await world.pass();
  expect(messages.map(({ cursor }) => cursor)).toEqual([3]);
});

test('a record of a call is a message', async () => {
  const world = await connected();
  const messages = messagesOf(world);
  const record: CallRecord = {
    call: 'call-of-bob-to-alice',
    roomId: 1,
    type: 'audio',
    status: RECORD_STATUS.completed,
    reason: 'completed',
    caller: 'bob',
    callee: 'alice',
    durations: [],
    invitedAt: 1,
    acceptedAt: 2,
    connectedAt: 3,
    endedAt: 4,
    endedBy: 'bob',
  };
  world.server.bring({ ...item(1), body: { kind: 'record', record } });
  await world.pass();
  expect(messages[0]).toMatchObject({ kind: 'record', record });
});

test.each([
  ['hello', { kind: 'text', text: 'hello' }],
  [{ text: 'hello' }, { kind: 'text', text: 'hello' }],
  [{ data: { a: [1] } }, { kind: 'data', data: { a: [1] } }],
])('send %j says %j and gives its id', async (message, body) => {
  const world = await connected();
  expect(await world.done(world.client.send('bob', message))).toEqual({ id: 'message', at: 1 });
  expect(world.server.last('send')).toMatchObject({ to: 'bob', body });
});

test('each message goes out under a key of its own, or that which the app gives', async () => {
  const world = await connected();
  const { client, server } = world;
  for (const options of [{}, {}, { key: 'order 17' }]) {
    await world.done(client.send('bob', 'hi', options));
  }
  const [one, two, given] = server.all('send').map(({ key }) => key);
  expect(one).toMatch(/^[a-v0-9]{27}$/);
  expect([one === two, given]).toEqual([false, 'order 17']);
  expect(await codeOf(client.send('bob', 'hi', { key: '' }))).toBe('malformed');
  expect(await codeOf(client.send('bob', 'hi', { key: 'x'.repeat(65) }))).toBe('malformed');
  expect(server.all('send')).toHaveLength(3);
});

test('what is repeated after a reconnect has its number and its key; with the number forgotten the key tells', async () => {
  const world = await connected();
  const { client, server } = world;
  server.silentOn.add('send');
  const sent = client.send('bob', 'hi');
  await world.pass();
  server.wire.drop();
  await world.pass(2000);
  const [first, again] = server.all('send');
  expect(again).toEqual(first);
  server.refuse('send', 'stale');
  server.answer(again!);
  server.answers.delete('send');
  await world.pass();
  const anew = server.last('send');
  expect(anew).toEqual({ ...again, seq: again!.seq + 1 });
  server.answer(anew);
  expect(await world.done(sent)).toEqual({ id: 'message', at: 1 });
  expect(server.all('send')).toHaveLength(3);
});

test('a message that is too long would break the connection, and is rejected here', async () => {
  const world = await connected();
  expect(await codeOf(world.client.send('bob', 'x'.repeat(32 * 1024 + 1)))).toBe('malformed');
  expect(world.server.all('send')).toEqual([]);
});

test('history gives messages, newest first, and whether there are more', async () => {
  const world = await connected();
  world.server.answers.set('history', {
    type: 'history-page',
    items: [item(4), item(2)],
    more: true,
  });
  const page = await world.done(world.client.history('bob', { before: 5, limit: 2 }));
  expect(world.server.last('history')).toMatchObject({ peer: 'bob', before: 5, limit: 2 });
  expect(page.messages.map(({ cursor }) => cursor)).toEqual([4, 2]);
  expect(page.more).toBe(true);
});

test('a listener that throws disturbs nobody, and the message counts as handed out', async () => {
  const world = await connected();
  const { error } = console;
  const reported: unknown[] = [];
  console.error = (...words: unknown[]) => reported.push(words);
  world.client.on('message', () => {
    throw new Error('a defect of the app');
  });
  const messages = messagesOf(world);
  world.server.bring(item(1));
  await world.pass();
  console.error = error;
  expect(messages).toHaveLength(1);
  expect(reported).toHaveLength(1);
  expect(world.server.last('acknowledge').cursor).toBe(1);
});

test('no more requests are on their way than the server keeps results for, and the rest follow', async () => {
  const world = await connected();
  world.server.silentOn.add('send');
  const sent = Array.from({ length: KEPT_RESULTS + 3 }, (_, i) => world.client.send('bob', `${i}`));
  await world.pass();
  expect(world.server.all('send')).toHaveLength(KEPT_RESULTS);
  world.server.silentOn.delete('send');
  for (const request of world.server.all('send')) world.server.answer(request);
  await world.pass();
  await Promise.all(sent);
  const texts = world.server.all('send').map(({ body }) => 'text' in body && body.text);
  expect(texts).toEqual(sent.map((_, i) => `${i}`));
});
