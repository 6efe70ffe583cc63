import { expect, test } from 'vitest';
import type { Removed, Store } from '../../../src/store/store.ts';
import { T0, bound, cancelled, commit, invitation, invited, itemOf, textOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

/** Alice writes to Bob, so many seconds after the beginning. */
async function say(store: Store, from: string, to: string, ...seconds: number[]): Promise<void> {
  const inbox = seconds.map((s) => ({ ...textOf(from, to), at: T0 + s * 1_000 }));
  await commit(store, { inbox });
}

async function acknowledge(store: Store, user: string, acknowledged: number): Promise<void> {
  await commit(store, { devices: [bound({ user, device: `${user}1` }, { acknowledged })] });
}

const cursors = async (store: Store, user: string) =>
  (await store.inbox(user, 0, 99)).map(({ cursor }) => cursor);

/** Portions until nothing is left to do; throws when that never comes. */
async function all(portion: (after: string | undefined) => Promise<Removed>): Promise<string[]> {
  const revised = new Set<string>();
  let after: string | undefined;
  for (let i = 0; i < 50; i++) {
    const removed = await portion(after);
    for (const user of removed.revised) revised.add(user);
    if (!removed.more) return [...revised].toSorted();
    after = removed.done;
  }
  throw new Error('it never ends');
}

/** What inboxes need not keep. */
export function removalContract(make: MakeStore): void {
  test('what is older than a moment is removed from the front of all inboxes, in portions', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 1, 2, 3);
    await say(store, 'carol', 'bob', 4);
    await say(store, 'alice', 'bob', 5);
    expect(await all(() => store.removeOlder(T0 + 4_000, 2))).toEqual(['bob']);
    expect(await cursors(store, 'bob')).toEqual([4, 5]);
    expect(await cursors(store, 'alice')).toEqual([4]);
    expect(await store.inboxStanding('bob')).toMatchObject({ head: 5, first: 4 });
    expect(await store.removeOlder(T0 + 4_000, 2)).toEqual({ revised: [], more: false });
    await say(store, 'alice', 'bob', 6);
    expect(await cursors(store, 'bob')).toEqual([4, 5, 6]);
  });

  test('an inbox of which nothing is left goes on where it stood', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 1, 2);
    await all(() => store.removeOlder(T0 + 9_000, 9));
    expect(await store.inboxStanding('bob')).toMatchObject({ head: 2, first: 3 });
    expect(await store.conversations({ user: 'bob', limit: 9 })).toEqual([]);
    expect(await store.history('bob', 'alice', 9, 9)).toEqual([]);
    await say(store, 'alice', 'bob', 10);
    expect(await cursors(store, 'bob')).toEqual([3]);
    expect(await store.conversations({ user: 'bob', limit: 9 })).toMatchObject([{ unread: 1 }]);
  });

  test('what an inbox has beyond a number is removed once a device has had it', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 1, 2, 3, 4, 5);
    await say(store, 'alice', 'carol', 6, 7, 8);
    await acknowledge(store, 'bob', 3);
    await acknowledge(store, 'carol', 3);
    expect(
      await all((after) => store.removeBeyond({ keep: 1, after, inboxes: 2, limit: 2 })),
    ).toEqual(['bob', 'carol']);
    expect(await cursors(store, 'bob')).toEqual([4, 5]);
    expect(await cursors(store, 'carol')).toEqual([3]);
    expect(await cursors(store, 'alice')).toHaveLength(8);
  });

  test('a key is known as long as its message lies in an inbox', async () => {
    const store = await make();
    const key = 'a key';
    const sent = async () => (await store.load({ users: [], sent: { from: 'alice', key } })).sent;
    const write = (s: number) =>
      commit(store, { inbox: [{ ...textOf('alice', 'bob'), key, at: T0 + s * 1_000 }] });
    await write(1);
    await say(store, 'alice', 'bob', 2);
    await acknowledge(store, 'bob', 2);
    const beyond = () =>
      all((after) => store.removeBeyond({ keep: 1, after, inboxes: 9, limit: 9 }));
    await beyond();
    expect([await cursors(store, 'bob'), await cursors(store, 'alice')]).toEqual([[2], [1, 2]]);
    expect(await sent()).toMatchObject({ to: 'bob', at: T0 + 1_000 });
    await acknowledge(store, 'alice', 2);
    await beyond();
    expect(await sent()).toBeUndefined();
    await write(3);
    expect(await sent()).toMatchObject({ at: T0 + 3_000 });
    await store.removeOlder(T0 + 9_000, 9);
    expect(await sent()).toBeUndefined();
  });

  test('one portion looks at so many inboxes, and removes as many items', async () => {
    const store = await make();
    for (const user of ['a', 'b', 'c']) {
      await say(store, 'zoe', user, 1, 2, 3);
      await acknowledge(store, user, 3);
    }
    expect(
      await store.removeBeyond({ keep: 0, after: undefined, inboxes: 4, limit: 4 }),
    ).toMatchObject({ more: true, done: 'a' });
    expect([await cursors(store, 'a'), await cursors(store, 'b')]).toEqual([[], [2, 3]]);
    const next = await store.removeBeyond({ keep: 0, after: 'a', inboxes: 4, limit: 4 });
    expect(next).toMatchObject({ more: true, done: 'b' });
    expect(await store.removeBeyond({ keep: 0, after: 'b', inboxes: 4, limit: 4 })).toMatchObject({
      more: false,
      done: 'zoe',
    });
    expect(await cursors(store, 'c')).toEqual([]);
  });

  test('what is gone from one inbox stays in the other, in its history and its counts', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 1, 2, 3);
    await acknowledge(store, 'bob', 3);
    await all((after) => store.removeBeyond({ keep: 1, after, inboxes: 9, limit: 9 }));
    const history = async (user: string, peer: string) =>
      (await store.history(user, peer, 99, 9)).map(({ cursor }) => cursor);
    expect(await history('bob', 'alice')).toEqual([3]);
    expect(await history('alice', 'bob')).toEqual([3, 2, 1]);
    const [conversation] = await store.conversations({ user: 'bob', limit: 9 });
    expect(conversation).toMatchObject({ unread: 1, last: { cursor: 3 } });
    await acknowledge(store, 'alice', 3);
    await all((after) => store.removeBeyond({ keep: 1, after, inboxes: 9, limit: 9 }));
    expect(await history('alice', 'bob')).toEqual([3]);
  });

  test('what was read already is removed without a word', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 1, 2);
    const read = { user: 'bob', peer: 'alice', cursor: 1, isTold: true };
    await commit(store, { reads: [read] });
    expect(await store.removeOlder(T0 + 2_000, 9)).toMatchObject({ revised: [] });
    expect(await store.removeOlder(T0 + 3_000, 9)).toMatchObject({ revised: ['bob'] });
  });

  test('the record of a call stays when its message goes', async () => {
    const store = await make();
    const call = invited();
    const ended = cancelled(call);
    await commit(store, invitation(call));
    const inbox = [itemOf('alice', 'bob', { kind: 'record', record: ended.record })];
    await commit(store, { calls: [ended], records: [ended.record], inbox });
    await all(() => store.removeOlder(T0 + 9_000, 9));
    expect(await cursors(store, 'bob')).toEqual([]);
    expect(await store.records({ user: 'bob', limit: 9 })).toMatchObject([
      { record: ended.record },
    ]);
  });

  test('what is gone unread is unread no more, also when the last that goes never came there', async () => {
    const store = await make();
    const onlySent = { ...textOf('alice', 'bob'), owners: ['alice'] };
    await commit(store, { inbox: [textOf('alice', 'bob')] });
    await commit(store, { inbox: [onlySent] });
    const unread = async () =>
      (await store.conversationsSince('bob', 0, 9)).map((conversation) => conversation.unread);
    expect(await unread()).toEqual([1]);
    expect((await store.removeOlder(T0 + 1, 9)).revised).toEqual(['bob']);
    expect(await unread()).toEqual([0]);
  });

  test('what came to one of the two only is removed from there', async () => {
    const store = await make();
    const only = (owner: string) => ({ ...textOf('alice', 'bob'), owners: [owner] });
    await commit(store, { inbox: [only('alice'), only('bob'), only('bob')] });
    await acknowledge(store, 'bob', 2);
    await all((after) => store.removeBeyond({ keep: 1, after, inboxes: 9, limit: 9 }));
    expect([await cursors(store, 'alice'), await cursors(store, 'bob')]).toEqual([[1], [2]]);
    await all(() => store.removeOlder(T0 + 9_000, 9));
    expect([await cursors(store, 'alice'), await cursors(store, 'bob')]).toEqual([[], []]);
    expect(await store.history('alice', 'bob', 9, 9)).toEqual([]);
  });

  test('a message to oneself is removed as any other', async () => {
    const store = await make();
    await say(store, 'alice', 'alice', 1, 2);
    await acknowledge(store, 'alice', 2);
    expect(
      await all((after) => store.removeBeyond({ keep: 1, after, inboxes: 9, limit: 9 })),
    ).toEqual([]);
    expect(await cursors(store, 'alice')).toEqual([2]);
    expect(await store.history('alice', 'alice', 9, 9)).toHaveLength(1);
  });
}
