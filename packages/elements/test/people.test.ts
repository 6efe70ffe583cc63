import { expect, test } from 'vitest';
import { Names } from '../src/model/names.ts';
import type { Person } from '../src/model/people.ts';
import { People, found, sorted } from '../src/model/people.ts';
import { FakeLists, seen } from './support/fake-lists.ts';

function peopleOf(...users: ReturnType<typeof seen>[]): [People, FakeLists, Names] {
  const client = new FakeLists();
  client.directory = users;
  const names = new Names();
  return [new People(client, names), client, names];
}

function person(name: string, online?: boolean): Person {
  return { user: name.toLowerCase(), name, online, since: undefined };
}

test('the directory without oneself, with names that everybody learns, and all of it watched', async () => {
  const [people, client, names] = peopleOf(
    seen('alice'),
    seen('bob', { name: 'Bob' }),
    seen('carol'),
  );
  await people.load();
  expect(people.all.map(({ name }) => name)).toEqual(['Bob', 'carol']);
  expect(names.of('bob')).toBe('Bob');
  expect(client.watched).toEqual([['bob', 'carol']]);
});

test('a directory that is closed to its user is empty, and one without presence says nothing of it', async () => {
  const [people, client] = peopleOf({ user: 'bob' });
  await people.load();
  expect(people.all).toMatchObject([{ user: 'bob', online: undefined }]);
  expect(people.presenceOf('bob')).toBeUndefined();
  client.fault = Object.assign(new Error('closed'), { code: 'not-permitted' });
  const closed = new People(client, new Names());
  await closed.load();
  expect([closed.all, closed.state]).toEqual([[], { kind: 'ready' }]);
});

test('the same list is watched once, however often it is read', async () => {
  const [people, client] = peopleOf(seen('bob'));
  await people.load();
  await people.load();
  expect(client.watched).toHaveLength(1);
});

test('what presence says counts more than what the directory said', async () => {
  const [people, client] = peopleOf(seen('bob', { online: true }));
  await people.load();
  expect(people.all[0]?.online).toBe(true);
  client.online.set('bob', { user: 'bob', online: false, since: 5 });
  expect(people.all[0]).toMatchObject({ online: false, since: 5 });
});

test('a long directory comes in parts of five hundred, and no more than the server takes are watched', async () => {
  const users = Array.from({ length: 1200 }, (_, i) => seen(`user-${i}`));
  const [people, client] = peopleOf(...users);
  await people.load();
  expect(people.all).toHaveLength(500);
  expect(people.hasMore).toBe(true);
  await people.loadMore();
  await people.loadMore();
  expect(people.all).toHaveLength(1200);
  expect(people.hasMore).toBe(false);
  expect(client.watched.at(-1)).toHaveLength(512);
});

test('an app’s own contacts take the place of the directory, and are watched', async () => {
  const [people, client, names] = peopleOf(seen('bob'));
  await people.load();
  people.use([{ user: 'dora', name: 'Dora' }]);
  expect(people.all.map(({ user }) => user)).toEqual(['dora']);
  expect(names.of('dora')).toBe('Dora');
  expect(client.watched.at(-1)).toEqual(['dora']);
  people.use(undefined);
  expect(people.all.map(({ user }) => user)).toEqual(['bob']);
});

test('somebody one writes to is watched without being listed, and goes first where not all can be', async () => {
  const [people, client] = peopleOf(seen('bob'));
  await people.load();
  people.alsoWatch(['zoe']);
  expect(client.watched.at(-1)).toEqual(['zoe', 'bob']);
});

test('a directory that fails says why, and comes when it is asked again', async () => {
  const [people, client] = peopleOf(seen('bob'));
  client.fault = new Error('away');
  await people.load();
  expect(people.state).toEqual({ kind: 'failed', error: client.fault });
  client.fault = undefined;
  await people.load();
  expect(people.all).toHaveLength(1);
});

test('who came to the server after the list was read is listed with the first call or word', async () => {
  const [people, client] = peopleOf(seen('bob'));
  people.meet('bob');
  expect(people.state.kind).toBe('unknown');
  await people.load();
  client.directory = [seen('bob'), seen('carol', { name: 'Carol' })];
  people.meet('carol');
  await people.load();
  expect(people.all.map(({ name }) => name)).toEqual(['bob', 'Carol']);
});

test('the directory is not read again for oneself, who is listed, or who was not found in it once', async () => {
  const [people, client] = peopleOf(seen('bob'));
  await people.load();
  for (const user of ['alice', 'bob', 'zoe', 'zoe']) {
    people.meet(user);
    await people.load();
  }
  // The loads of the test, and one for Zoe.
  expect(client.directoryReads).toBe(5);
});

test('what failed without a connection, or may be stale, is read with the next one; what nobody asked for is not', async () => {
  const [people, client] = peopleOf(seen('bob'));
  people.connected();
  expect(client.directoryReads).toBe(0);
  client.fault = new Error('away');
  await people.load();
  client.fault = undefined;
  people.connected();
  expect(people.state.kind).toBe('loading');
});

test('those online first, then by name as the language sorts', () => {
  const people = [
    person('zoe'),
    person('Émile'),
    person('Bob', true),
    person('user 10'),
    person('user 9'),
  ];
  expect(sorted(people, 'en').map(({ name }) => name)).toEqual([
    'Bob',
    'Émile',
    'user 9',
    'user 10',
    'zoe',
  ]);
  const chinese = [person('赵'), person('安'), person('李')];
  expect(sorted(chinese, 'zh-CN').map(({ name }) => name)).toEqual(['安', '李', '赵']);
});

test.each([
  ['', 3],
  ['emile', 1],
  ['EMILE dup', 1],
  ['李', 1],
  ['dup bob', 0],
])('“%s” finds %d of them', (sought, count) => {
  const people = [person('Émile Dupont'), person('Bob'), person('李明')];
  expect(found(people, sought)).toHaveLength(count);
});
