import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { StoreFault } from '../../src/store/store.ts';
import { verify } from '../../src/verify/verify.ts';
import { testWorld } from '../cli/fixture.ts';
import { commit, invited, recordOf } from '../store/builders.ts';
import { CALL } from '../support/calls.ts';
import { flawsOf } from './flaws-of.ts';
import { STORES, lived, spoiled } from './life.ts';

test.each(STORES)('[VFY1] what was kept in an ordinary life fits together: %s', async (_, make) => {
  const store = make();
  await lived(store);
  const verdict = await verify(store, (flaw) => expect(flaw).toBe('nothing'));
  expect(verdict).toEqual({
    calls: 4,
    open: 1,
    records: 3,
    deliveries: 6,
    users: 2,
    items: 8,
    conversations: 2,
    flaws: 0,
  });
  await store.close();
});

test('[VFY3] events that were told long ago may be gone', async () => {
  const forgotten = `DELETE FROM events WHERE key = '${CALL}' AND sequence IN (1, 3)`;
  expect(await spoiled(forgotten, 'DELETE FROM deliveries')).toEqual([]);
});

test.each([1, 2, 3, 4])(
  '[VFY3] what was kept long enough may be gone from the beginning of an inbox: %i items',
  async (count) => {
    const first = `UPDATE inboxes SET first = ${count + 1} WHERE owner = 'bob'`;
    const gone = `DELETE FROM inbox WHERE owner = 'bob' AND cursor`;
    expect(await spoiled(`${gone} <= ${count}`, first)).toEqual([]);
    expect(await spoiled(`${gone} <= ${count}`)).not.toEqual([]);
  },
);

test('[VFY3] of what was gone before a device acknowledged it nobody need have been told', async () => {
  const untold = `UPDATE conversations SET delivered = 0, peer_read = 0 WHERE owner = 'alice'`;
  const first = `UPDATE inboxes SET first = 2 WHERE owner = 'bob'`;
  const gone = `DELETE FROM inbox WHERE owner = 'bob' AND cursor = 1`;
  expect(await spoiled(gone, first, untold)).toEqual([]);
  expect(await spoiled(untold)).not.toEqual([]);
});

test.each(STORES)('[INB17] what was removed from inboxes is no difference: %s', async (_, make) => {
  const store = make();
  await lived(store);
  const { head } = await store.inboxStanding('bob');
  expect(head).toBe(4);
  for (;;) {
    const { more } = await store.removeOlder(Number.MAX_SAFE_INTEGER, 1);
    expect(await flawsOf(store)).toEqual([]);
    if (!more) break;
  }
  expect(await store.inboxStanding('bob')).toMatchObject({ head, first: head + 1 });
  await store.close();
});

describe('ringline verify', () => {
  test('[VFY4] one line when all fits together, and the flaws when not', async () => {
    const store = new MemoryStore();
    await lived(store);
    const good = testWorld({ openStore: async () => store });
    expect(await run(['verify'], good.world)).toBe(0);
    expect(good.out()).toBe(
      '4 calls (1 open), 3 records, 6 deliveries, 2 users, 8 items, 2 conversations: all fits together',
    );
    await commit(store, { records: [recordOf(invited())] });
    const bad = testWorld({ openStore: async () => store });
    expect(await run(['verify'], bad.world)).toBe(1);
    expect(bad.err()).toContain(': has a record and no call');
    expect(bad.out()).toContain('1 flaws');
  });

  test('[VFY4] data in use or out of reach is said, and so is a word too many', async () => {
    const openStore = async () => {
      throw new StoreFault('it is in use by another process', undefined);
    };
    const used = testWorld({ openStore });
    expect(await run(['verify'], used.world)).toBe(1);
    expect(used.err()).toContain('in use by another process');
    const wrong = testWorld();
    expect(await run(['verify', 'everything'], wrong.world)).toBe(2);
  });
});
