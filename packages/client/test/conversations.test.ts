import { expect, test } from 'vitest';
import type { Conversation } from '../src/index.ts';
import { item } from './support/views.ts';
import { World, codeOf, connected } from './support/world.ts';

const BOB: Conversation = {
  peer: 'bob',
  revision: 5,
  unread: 2,
  readUpTo: 1,
  deliveredUpTo: 4,
  peerReadUpTo: 0,
};

/** What the client tells from now on. */
function toldBy({ client }: World): Conversation[] {
  const told: Conversation[] = [];
  client.on('conversationChanged', (conversation) => told.push(conversation));
  return told;
}

test('a conversation that changed is told, with what is unread, delivered and read', async () => {
  const world = await connected();
  const told = toldBy(world);
  const carol = { ...BOB, peer: 'carol', revision: 6 };
  world.server.say({ type: 'conversations', items: [BOB, carol] });
  await world.pass();
  expect(told).toEqual([BOB, carol]);
});

test('after a reconnect the server is told the newest revision that is known here', async () => {
  const world = new World();
  world.server.welcome = { inbox: { head: 0, from: 0, revision: 3 } };
  await world.connect();
  expect(world.server.last('hello')).not.toHaveProperty('revision');
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello').revision).toBe(3);
  world.server.say({ type: 'conversations', items: [BOB] });
  await world.pass();
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello').revision).toBe(5);
});

test('a restored backup begins conversations anew', async () => {
  const world = await connected();
  const told = toldBy(world);
  world.server.say({ type: 'conversations', items: [BOB] });
  await world.pass();
  world.server.welcome = { inbox: { head: 0, from: 0, revision: 0 } };
  world.server.wire.drop();
  await world.pass(2000);
  world.server.say({ type: 'conversations', items: [{ ...BOB, revision: 1 }] });
  await world.pass();
  world.server.wire.drop();
  await world.pass(2000);
  expect(told.map(({ revision }) => revision)).toEqual([5, 1]);
  expect(world.server.last('hello').revision).toBe(1);
});

test('a conversation is marked as read up to a message, or as far as this client was told', async () => {
  const world = await connected();
  world.client.on('message', () => undefined);
  world.server.bring(item(1), item(2));
  await world.pass();
  await world.done(world.client.markRead('bob', 1));
  await world.done(world.client.markRead('bob'));
  expect(world.server.all('read')).toMatchObject([
    { peer: 'bob', cursor: 1 },
    { peer: 'bob', cursor: 2 },
  ]);
});

test('a mark that the server refuses, or that cannot be said, is rejected', async () => {
  expect(await codeOf(new World().client.markRead('bob', 1))).toBe('not-connected');
  const world = await connected();
  expect(await codeOf(world.client.markRead('', 1))).toBe('malformed');
  world.server.refuse('read', 'malformed');
  expect(await codeOf(world.done(world.client.markRead('bob', 9)))).toBe('malformed');
});
