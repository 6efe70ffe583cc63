import { MAX_UNREAD } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { MAX_RECEIPT_SPAN } from '../../../src/store/receipts.ts';
import type { ReadMark, Store } from '../../../src/store/store.ts';
import { bob1, bound, commit, stepOf, textOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

/** Writes so many texts, one step each. */
async function say(store: Store, from: string, to: string, count = 1): Promise<void> {
  for (let i = 0; i < count; i++) await commit(store, { inbox: [textOf(from, to)] });
}

async function read(store: Store, mark: Partial<ReadMark>): Promise<readonly string[]> {
  const reads = [{ user: 'bob', peer: 'alice', cursor: 1, isTold: true, ...mark }];
  const committed = await store.commit(stepOf({ reads }));
  return committed.moved ? committed.revised.toSorted() : [];
}

/** The only conversation of a user with a peer. */
async function of(store: Store, user: string, peer: string) {
  const [found] = await store.conversations({ user, peer, limit: 1 });
  return found;
}

/** Where users stand with each other. */
export function conversationsContract(make: MakeStore): void {
  test('conversations are listed by their last item, newest first, in pages', async () => {
    const store = await make();
    for (const peer of ['alice', 'carol', 'dave', 'alice']) await say(store, peer, 'bob');
    await say(store, 'bob', 'carol');
    const peers = async (before?: number, limit = 9) =>
      (await store.conversations({ user: 'bob', limit, ...(before && { before }) })).map(
        ({ peer, last }) => `${peer} ${last.cursor}`,
      );
    expect(await peers()).toEqual(['carol 5', 'alice 4', 'dave 3']);
    expect(await peers(undefined, 2)).toEqual(['carol 5', 'alice 4']);
    expect(await peers(4, 2)).toEqual(['dave 3']);
    expect(await store.conversations({ user: 'nobody', limit: 9 })).toEqual([]);
    expect((await of(store, 'bob', 'carol'))?.last).toMatchObject({ from: 'bob', to: 'carol' });
    expect(await of(store, 'bob', 'eve')).toBeUndefined();
  });

  test('what a peer wrote behind the mark is unread; what one wrote oneself never is', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 3);
    await say(store, 'bob', 'alice', 2);
    await say(store, 'carol', 'bob');
    await say(store, 'bob', 'bob');
    const unread = async () => (await of(store, 'bob', 'alice'))?.unread;
    expect(await unread()).toBe(3);
    expect(await read(store, { cursor: 2 })).toEqual(['alice', 'bob']);
    expect(await of(store, 'bob', 'alice')).toMatchObject({ unread: 1, readUpTo: 2 });
    await read(store, { cursor: 5 });
    expect(await unread()).toBe(0);
    expect((await of(store, 'bob', 'carol'))?.unread).toBe(1);
    expect((await of(store, 'bob', 'bob'))?.unread).toBe(0);
    expect((await of(store, 'alice', 'bob'))?.unread).toBe(2);
  });

  test('unread items are counted up to a limit and no further', async () => {
    const store = await make();
    const inbox = Array.from({ length: MAX_UNREAD - 1 }, () => textOf('alice', 'bob'));
    await commit(store, { inbox });
    expect((await of(store, 'bob', 'alice'))?.unread).toBe(MAX_UNREAD - 1);
    await say(store, 'alice', 'bob', 2);
    expect((await of(store, 'bob', 'alice'))?.unread).toBe(MAX_UNREAD);
  });

  test('a mark never goes back, and one that moves nothing concerns nobody', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 3);
    await read(store, { cursor: 3 });
    const before = await of(store, 'bob', 'alice');
    expect(await read(store, { cursor: 2 })).toEqual([]);
    expect(await read(store, { cursor: 3 })).toEqual([]);
    expect(await read(store, { peer: 'eve', cursor: 3 })).toEqual([]);
    expect(await of(store, 'bob', 'alice')).toEqual(before);
  });

  test('the sender learns in its own numbering what was read, unless it is not told', async () => {
    const store = await make();
    await say(store, 'alice', 'dave', 5);
    await say(store, 'alice', 'bob', 2);
    await say(store, 'carol', 'bob');
    await say(store, 'alice', 'bob');
    expect(await read(store, { cursor: 1, isTold: false })).toEqual(['bob']);
    expect((await of(store, 'alice', 'bob'))?.peerReadUpTo).toBe(0);
    // The cursor of Carol's message: what of Alice's lies before it was read.
    await read(store, { cursor: 3 });
    expect(await of(store, 'alice', 'bob')).toMatchObject({ peerReadUpTo: 7, deliveredUpTo: 7 });
    expect((await of(store, 'alice', 'dave'))?.peerReadUpTo).toBe(0);
    expect((await of(store, 'carol', 'bob'))?.peerReadUpTo).toBe(0);
  });

  test('what came to one of the two only is neither delivered nor read at the other', async () => {
    const store = await make();
    const only = (owner: string) => ({ ...textOf('alice', 'bob'), owners: [owner] });
    await commit(store, { inbox: [only('alice'), textOf('carol', 'bob')] });
    await commit(store, { inbox: [textOf('bob', 'alice')] });
    await read(store, { cursor: 2 });
    expect(await of(store, 'alice', 'bob')).toMatchObject({ peerReadUpTo: 0, deliveredUpTo: 0 });
    await commit(store, { inbox: [textOf('alice', 'bob'), only('bob')] });
    expect((await of(store, 'bob', 'alice'))?.unread).toBe(2);
    await commit(store, { devices: [bound(bob1, { acknowledged: 4 })] });
    await read(store, { cursor: 4 });
    expect(await of(store, 'alice', 'bob')).toMatchObject({ peerReadUpTo: 3, deliveredUpTo: 3 });
  });

  test('the first device that acknowledges an item tells its sender that it was delivered', async () => {
    const store = await make();
    await say(store, 'alice', 'bob', 2);
    await say(store, 'carol', 'bob');
    await say(store, 'bob', 'alice');
    const acknowledge = async (device: string, version: number, acknowledged: number) => {
      const devices = [bound({ user: 'bob', device }, { version, acknowledged })];
      const committed = await store.commit(stepOf({ devices }));
      return committed.moved ? committed.revised : [];
    };
    expect(await acknowledge('bob1', 1, 2)).toEqual(['alice']);
    expect((await of(store, 'alice', 'bob'))?.deliveredUpTo).toBe(2);
    expect(await acknowledge('bob2', 1, 2)).toEqual([]);
    expect(await acknowledge('bob2', 2, 4)).toEqual(['carol']);
    expect(await of(store, 'carol', 'bob')).toMatchObject({ deliveredUpTo: 1, peerReadUpTo: 0 });
  });

  test('of very much that is acknowledged at once the last part is told as delivered', async () => {
    const store = await make();
    const inbox = Array.from({ length: MAX_RECEIPT_SPAN }, () => textOf('alice', 'bob'));
    await commit(store, { inbox: [textOf('carol', 'bob'), textOf('dave', 'bob'), ...inbox] });
    const acknowledged = MAX_RECEIPT_SPAN + 1;
    await commit(store, { devices: [bound(bob1, { acknowledged })] });
    expect((await of(store, 'dave', 'bob'))?.deliveredUpTo).toBe(1);
    expect((await of(store, 'alice', 'bob'))?.deliveredUpTo).toBe(MAX_RECEIPT_SPAN - 1);
    expect((await of(store, 'carol', 'bob'))?.deliveredUpTo).toBe(0);
  });

  test('every change has a revision of its own, by which it is found, in pages', async () => {
    const store = await make();
    await say(store, 'alice', 'bob');
    await say(store, 'carol', 'bob');
    await say(store, 'bob', 'dave');
    const since = async (revision: number, limit = 9) =>
      (await store.conversationsSince('bob', revision, limit)).map(
        (each) => `${each.revision} ${each.peer}`,
      );
    expect(await since(0)).toEqual(['1 alice', '2 carol']);
    expect(await since(0, 1)).toEqual(['1 alice']);
    await read(store, { cursor: 1 });
    expect(await since(1)).toEqual(['2 carol', '3 alice']);
    expect(await since(3)).toEqual([]);
    expect((await store.inboxStanding('bob')).revision).toBe(3);
    const [told] = await store.conversationsSince('bob', 2, 9);
    expect(told).toEqual({
      peer: 'alice',
      revision: 3,
      unread: 0,
      readUpTo: 1,
      deliveredUpTo: 0,
      peerReadUpTo: 0,
    });
  });
}
