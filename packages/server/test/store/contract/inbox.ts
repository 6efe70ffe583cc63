import { expect, test } from 'vitest';
import type { Json } from '@ringline/protocol';
import type { NewInboxItem } from '../../../src/store/store.ts';
import { alice1, bound, cancelled, commit, invited, itemOf, stepOf, textOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

/** Per-user sequences of messages and records. */
export function inboxContract(make: MakeStore): void {
  test('a message lies in both inboxes, at a place of its own in each', async () => {
    const store = await make();
    await commit(store, { inbox: [textOf('carol', 'bob')] });
    const message = textOf('alice', 'bob', 'hi');
    expect(await store.commit(stepOf({ inbox: [message] }))).toEqual({
      moved: true,
      inbox: [
        { owner: 'alice', item: { cursor: 1, ...message } },
        { owner: 'bob', item: { cursor: 2, ...message } },
      ],
      revised: ['bob'],
    });
    expect(await store.inbox('alice', 0, 9)).toEqual([{ cursor: 1, ...message }]);
    expect(await store.inbox('bob', 1, 9)).toEqual([{ cursor: 2, ...message }]);
  });

  test('a message to oneself is one item', async () => {
    const store = await make();
    const note = textOf('alice', 'alice');
    const committed = await store.commit(stepOf({ inbox: [note] }));
    expect(committed).toEqual({
      moved: true,
      inbox: [{ owner: 'alice', item: { cursor: 1, ...note } }],
      revised: [],
    });
    expect(await store.inbox('alice', 0, 9)).toEqual([{ cursor: 1, ...note }]);
    expect(await store.history('alice', 'alice', 9, 9)).toEqual([{ cursor: 1, ...note }]);
  });

  test('a message is found by its sender and key, and no other of that sender has the same', async () => {
    const store = await make();
    const key = 'a key';
    const message = { ...textOf('alice', 'bob'), key };
    const sentBy = async (from: string, name = key) =>
      (await store.load({ users: [], sent: { from, key: name } })).sent;
    expect(await sentBy('alice')).toBeUndefined();
    await commit(store, { inbox: [message] });
    const { id, to, at } = message;
    expect(await sentBy('alice')).toEqual({ id, to, at });
    const again = { ...textOf('alice', 'carol'), key };
    expect(await store.commit(stepOf({ inbox: [again] }))).toEqual({ moved: false });
    expect(await store.inboxHead('alice')).toBe(1);
    await commit(store, { inbox: [{ ...textOf('bob', 'alice'), key }, textOf('alice', 'bob')] });
    expect(await sentBy('bob')).toMatchObject({ to: 'alice' });
    expect([await sentBy('carol'), await sentBy('alice', 'A key')]).toEqual([undefined, undefined]);
    expect((await store.load({ users: [] })).sent).toBeUndefined();
  });

  test('of two messages with one key that are written at once one is', async () => {
    const store = await make();
    const [one, two] = ['bob', 'carol'].map((to) => ({ ...textOf('alice', to), key: 'a key' }));
    const steps = [one, two].map((message) => stepOf({ inbox: [message!] }));
    const committed = await Promise.all(steps.map((step) => store.commit(step)));
    expect(committed.filter(({ moved }) => moved)).toHaveLength(1);
    expect(await store.inboxHead('alice')).toBe(1);
  });

  test('items of one step keep their order', async () => {
    const store = await make();
    const [one, two] = [textOf('alice', 'bob', 'one'), textOf('carol', 'bob', 'two')];
    await commit(store, { inbox: [one, two] });
    expect((await store.inbox('bob', 0, 9)).map(({ id }) => id)).toEqual([one.id, two.id]);
  });

  test('cursors have no gaps, whoever writes at once', async () => {
    const store = await make();
    const writers = Array.from({ length: 60 }, (_, i) => textOf(`user${i % 7}`, 'bob'));
    const loser = stepOf({ inbox: [textOf('eve', 'bob')], expect: [{ user: 'eve', version: 9 }] });
    const steps = writers.flatMap((item) => [stepOf({ inbox: [item] }), loser]);
    await Promise.all(steps.map((step) => store.commit(step)));
    const cursors = (await store.inbox('bob', 0, 99)).map(({ cursor }) => cursor);
    expect(cursors).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(await store.inboxHead('bob')).toBe(60);
    expect(await store.inboxHead('user0')).toBe(9);
    expect(await store.inboxHead('eve')).toBe(0);
  });

  test('an inbox is read from a cursor, in portions', async () => {
    const store = await make();
    await commit(store, { inbox: Array.from({ length: 5 }, () => textOf('alice', 'bob')) });
    const read = async (after: number, limit: number) =>
      (await store.inbox('bob', after, limit)).map(({ cursor }) => cursor);
    expect(await read(0, 2)).toEqual([1, 2]);
    expect(await read(2, 9)).toEqual([3, 4, 5]);
    expect(await read(5, 9)).toEqual([]);
    expect(await store.inbox('nobody', 0, 9)).toEqual([]);
  });

  test('history is what was said with one peer by either, newest first', async () => {
    const store = await make();
    const said: [string, string][] = [
      ['alice', 'bob'],
      ['carol', 'bob'],
      ['bob', 'alice'],
      ['alice', 'carol'],
      ['alice', 'bob'],
    ];
    for (const [from, to] of said) await commit(store, { inbox: [textOf(from, to)] });
    const history = async (user: string, peer: string, before: number, limit = 9) =>
      (await store.history(user, peer, before, limit)).map(({ cursor }) => cursor);
    expect(await history('bob', 'alice', 99)).toEqual([4, 3, 1]);
    expect(await history('bob', 'alice', 4)).toEqual([3, 1]);
    expect(await history('bob', 'alice', 2)).toEqual([1]);
    expect(await history('bob', 'alice', 99, 2)).toEqual([4, 3]);
    expect(await history('alice', 'bob', 99)).toEqual([4, 2, 1]);
    expect(await history('alice', 'bob', 3)).toEqual([2, 1]);
    expect(await history('carol', 'bob', 99)).toEqual([1]);
    expect(await history('bob', 'dave', 99)).toEqual([]);
  });

  test('the furthest acknowledgement of any device is known, and never goes back', async () => {
    const store = await make();
    const other = { user: 'alice', device: 'alice2' };
    expect((await store.inboxStanding('alice')).acknowledged).toBe(0);
    await commit(store, { devices: [bound(alice1, { acknowledged: 5 })] });
    await commit(store, { devices: [bound(other, { acknowledged: 3 })] });
    expect((await store.inboxStanding('alice')).acknowledged).toBe(5);
    await commit(store, { devices: [bound(other, { version: 2, acknowledged: 7 })] });
    await commit(store, { devices: [bound(alice1, { version: 2, acknowledged: 6 })] });
    expect((await store.inboxStanding('alice')).acknowledged).toBe(7);
    expect(await store.inboxHead('alice')).toBe(0);
  });

  test('a record lies in both inboxes', async () => {
    const store = await make();
    const { record } = cancelled(invited());
    const item = itemOf('alice', 'bob', { kind: 'record', record });
    await commit(store, { inbox: [item] });
    for (const user of ['alice', 'bob']) {
      expect(await store.inbox(user, 0, 9)).toEqual([{ cursor: 1, ...item }]);
    }
  });

  test('a message may lie in one of the two inboxes only', async () => {
    const store = await make();
    const { record } = cancelled(invited());
    const first = textOf('alice', 'bob');
    const item = itemOf('alice', 'bob', { kind: 'record', record });
    await commit(store, { inbox: [first, { ...item, owners: ['bob'] }] });
    await commit(store, { inbox: [{ ...textOf('alice', 'bob'), owners: ['alice'] }] });
    const places = async (user: string) =>
      (await store.inbox(user, 0, 9)).map(({ cursor, body }) => `${cursor} ${body.kind}`);
    expect(await places('alice')).toEqual(['1 text', '2 text']);
    expect(await places('bob')).toEqual(['1 text', '2 record']);
    const history = async (user: string, peer: string) =>
      (await store.history(user, peer, 99, 9)).map(({ cursor, body }) => `${cursor} ${body.kind}`);
    expect(await history('bob', 'alice')).toEqual(['2 record', '1 text']);
    expect(await history('alice', 'bob')).toEqual(['2 text', '1 text']);
  });

  test('every character of a message survives', async () => {
    const store = await make();
    const data = JSON.parse('{"__proto__":{"x":1},"\\u0000":"\\u0000\\ud800"}') as Json;
    const items: NewInboxItem[] = [
      textOf('alice', 'bob', '\u0000a\u0000 \ud83d\ude42 \\u0000 \ud800 \u2028 \'"'),
      textOf('alice', 'bob', '\ud83d\ude42'.repeat(8192)),
      itemOf('alice', 'bob', { kind: 'data', data }),
    ];
    await commit(store, { inbox: items });
    const stored = await store.inbox('bob', 0, 9);
    const bodies = stored.map(({ body }) => JSON.stringify(body));
    expect(bodies).toEqual(items.map(({ body }) => JSON.stringify(body)));
  });
}
