import type { PresenceState } from '@ringline/protocol';
import { CLOSE, MAX_WATCHED_USERS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Presence } from '../src/index.ts';
import { RETRY_MS } from '../src/timing.ts';
import { World, codeOf, connected } from './support/world.ts';

/** What the client tells from now on. */
function toldBy({ client }: World): Presence[] {
  const told: Presence[] = [];
  client.on('presenceChanged', (presence) => told.push(presence));
  return told;
}

/** The server says where users stand. */
async function say(world: World, ...users: [user: string, state: string, since?: number][]) {
  world.server.say({
    type: 'presence',
    users: users.map(([user, state, since]) => ({
      user,
      state: state as PresenceState,
      ...(since !== undefined && { since }),
    })),
  });
  await world.pass();
}

/** A connected client that watches bob and carol. */
async function watching() {
  const world = await connected();
  await world.done(world.client.presence.watch(['bob', 'carol', 'bob']));
  return { world, told: toldBy(world) };
}

test('a watched user is known and told of as soon as the server says where it stands', async () => {
  const { world, told } = await watching();
  expect(world.server.last('watch').users).toEqual(['bob', 'carol']);
  expect(world.client.presence.of('bob')).toBeUndefined();
  await say(world, ['bob', 'online'], ['carol', 'offline', 5]);
  expect(told).toEqual([
    { user: 'bob', online: true },
    { user: 'carol', online: false, since: 5 },
  ]);
  expect(world.client.presence.of('carol')).toEqual({ user: 'carol', online: false, since: 5 });
});

test('what is said again is no change, and another time of leaving is one', async () => {
  const { world, told } = await watching();
  for (let i = 0; i < 2; i++) await say(world, ['bob', 'offline', 5]);
  await say(world, ['bob', 'offline', 9]);
  await say(world, ['bob', 'online']);
  await say(world, ['bob', 'online']);
  expect(told.map(({ online, since }) => since ?? online)).toEqual([5, 9, true]);
});

test('a state that this version does not know is not online', async () => {
  const { world, told } = await watching();
  await say(world, ['bob', 'unreachable']);
  expect(told).toEqual([{ user: 'bob', online: false }]);
});

test('another list forgets who is not on it, and hears no late word of them', async () => {
  const { world, told } = await watching();
  await say(world, ['bob', 'online'], ['carol', 'online']);
  const watched = world.client.presence.watch(['carol']);
  await say(world, ['bob', 'offline', 7]);
  await world.done(watched);
  expect(world.client.presence.of('bob')).toBeUndefined();
  expect(world.client.presence.of('carol')).toEqual({ user: 'carol', online: true });
  expect(told).toHaveLength(2);
});

test('after a reconnect the list is named again, and what is the same is not told', async () => {
  const { world, told } = await watching();
  await say(world, ['bob', 'online'], ['carol', 'offline', 3]);
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.all('watch')).toHaveLength(2);
  expect(world.server.last('watch').users).toEqual(['bob', 'carol']);
  await say(world, ['bob', 'offline', 8], ['carol', 'offline', 3]);
  expect(told.slice(2)).toEqual([{ user: 'bob', online: false, since: 8 }]);
});

test('a client that watches nobody says nothing about it after a reconnect', async () => {
  const { world } = await watching();
  await world.done(world.client.presence.watch([]));
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.all('watch')).toHaveLength(2);
});

test('a list that the server cannot read just now is named until it can', async () => {
  const world = await connected();
  world.server.refuse('watch', 'unavailable', { retryAfterMs: 400 });
  const watched = world.client.presence.watch(['bob']);
  await world.pass(1_000);
  expect(world.server.all('watch')).toHaveLength(3);
  world.server.answers.clear();
  await world.done(watched);
});

test('a list that has been replaced meanwhile is not named again', async () => {
  const world = await connected();
  world.server.refuse('watch', 'unavailable');
  const first = world.client.presence.watch(['bob']);
  await world.pass();
  world.server.answers.clear();
  await world.done(world.client.presence.watch(['carol']));
  await world.pass(2 * RETRY_MS);
  await world.done(first);
  expect(world.server.all('watch').map(({ users }) => users)).toEqual([['bob'], ['carol']]);
});

test('without the right to watch, the promise says so and the connection lives on', async () => {
  const world = await connected();
  world.server.refuse('watch', 'forbidden');
  expect(await codeOf(world.done(world.client.presence.watch(['bob'])))).toBe('forbidden');
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.client.connectionState).toBe('connected');
});

test('a list that an expired token could not name is named with the new one', async () => {
  const world = new World({ tokenProvider: () => 'another token' });
  await world.connect();
  await world.done(world.client.presence.watch(['bob']));
  world.server.welcome = { tokenExpiresMs: 0 };
  world.server.refuse('watch', 'forbidden');
  world.server.silentOn.add('renew-token');
  world.server.wire.drop();
  await world.pass(2_000);
  const named = world.server.all('watch').length;
  world.server.answers.delete('watch');
  world.server.answer(world.server.last('renew-token'));
  await world.pass();
  expect(world.server.all('watch').slice(named)).toMatchObject([{ users: ['bob'] }]);
});

test('a client that is not connected says so; one that was turned away lets go of what waits', async () => {
  const world = new World();
  expect(await codeOf(world.client.presence.watch(['bob']))).toBe('not-connected');
  await world.connect();
  world.server.silentOn.add('watch');
  const watched = codeOf(world.client.presence.watch(['bob']));
  await world.pass();
  world.server.close(CLOSE.replaced.code);
  await world.pass();
  expect(await watched).toBe('replaced');
});

test.each([
  [['bob', ''], 'users.1'],
  [['x'.repeat(65)], 'users.0'],
  [Array.from({ length: MAX_WATCHED_USERS + 1 }, (_, i) => `${i}`), 'users'],
])('a list that would break the connection is rejected here (%#)', async (users, path) => {
  const world = await connected();
  await expect(world.client.presence.watch(users)).rejects.toMatchObject({
    code: 'malformed',
    path,
  });
  expect(world.server.all('watch')).toEqual([]);
});

test('a query gives where users stand, in order, and watches nobody', async () => {
  const world = await connected();
  world.server.answers.set('query-presence', {
    type: 'presence-found',
    users: [
      { user: 'carol', state: 'offline', since: 5 },
      { user: 'bob', state: 'online' },
    ],
  });
  expect(await world.done(world.client.presence.query(['carol', 'bob']))).toEqual([
    { user: 'carol', online: false, since: 5 },
    { user: 'bob', online: true },
  ]);
  expect(world.client.presence.of('bob')).toBeUndefined();
  expect(world.server.all('watch')).toEqual([]);
});

test('a query of too many, or of nobody, is rejected here', async () => {
  const world = await connected();
  const { presence } = world.client;
  const many = Array.from({ length: MAX_WATCHED_USERS + 1 }, (_, i) => `${i}`);
  await expect(presence.query(many)).rejects.toMatchObject({ code: 'malformed', path: 'users' });
  await expect(presence.query([''])).rejects.toMatchObject({ code: 'malformed', path: 'users.0' });
  expect(await codeOf(new World().client.presence.query(['bob']))).toBe('not-connected');
});

test('one that said goodbye has left, which is told even when nothing else is new', async () => {
  const world = await connected();
  const told: unknown[] = [];
  world.client.on('presenceChanged', (presence) => told.push(presence));
  await world.done(world.client.presence.watch(['bob']));
  const gone = { user: 'bob', state: 'offline', since: 5 } as const;
  world.server.say({ type: 'presence', users: [gone] });
  world.server.say({ type: 'presence', users: [{ ...gone, left: true }] });
  await world.pass();
  expect(told).toEqual([
    { user: 'bob', online: false, since: 5 },
    { user: 'bob', online: false, since: 5, left: true },
  ]);
});

test('[SAY1] [SAY2] of the lists that wait for a connection the newest alone is said, for all who wait', async () => {
  const world = await connected();
  world.server.dropFor(3_000);
  await world.pass(1_000);
  const both = Promise.all([
    world.client.presence.watch(['bob']),
    world.client.presence.watch(['carol']),
  ]);
  await world.done(both);
  const said = world.server.all('watch').map(({ users }) => users);
  expect(new Set(said.flat())).toEqual(new Set(['carol']));
});

test('[SAY1] what went into a connection that is gone is not said again, if nobody wants it', async () => {
  const world = await connected();
  world.server.silentOn.add('watch');
  const bob = world.client.presence.watch(['bob']);
  await world.pass();
  const carol = world.client.presence.watch(['carol']);
  await world.pass();
  world.server.silentOn.clear();
  const before = world.server.all('watch').length;
  world.server.wire.drop();
  await world.done(Promise.all([bob, carol]));
  const again = world.server.all('watch').slice(before);
  expect(new Set(again.flatMap(({ users }) => users))).toEqual(new Set(['carol']));
});
