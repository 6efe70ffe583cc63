import { AssertionError } from 'node:assert/strict';
import { expect, test } from 'vitest';
import type { RecordQuery, Step, Store } from '../../../src/store/store.ts';
import { T0, alice1, bob1, carol1, commit, invited, recordOf, textOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

/** Call records: one per call, kept for ever. */
export function recordsContract(make: MakeStore): void {
  listsContract(make);

  test('both parties find the record, and nobody else', async () => {
    const store = await make();
    const record = recordOf(invited());
    await commit(store, { records: [record] });
    for (const user of ['alice', 'bob']) {
      const [found, ...others] = await store.records({ user, limit: 9 });
      expect(found?.record).toEqual(record);
      expect(others).toEqual([]);
    }
    expect(await store.records({ user: 'carol', limit: 9 })).toEqual([]);
  });

  test('a second record of a call is a defect and changes nothing', async () => {
    const store = await make();
    const record = recordOf(invited());
    await commit(store, { records: [record] });
    const again: Partial<Step> = {
      records: [{ ...record, reason: 'refused' }],
      inbox: [textOf('alice', 'bob')],
    };
    await expect(commit(store, again)).rejects.toThrow(AssertionError);
    expect((await store.records({ user: 'alice', limit: 9 })).map(({ record: r }) => r)).toEqual([
      record,
    ]);
    expect(await store.inboxHead('bob')).toBe(0);
  });

  test('records come newest first, page by page', async () => {
    const store = await make();
    const calls = Array.from({ length: 5 }, (_, i) =>
      i % 2 === 0 ? invited(alice1, 'bob') : invited(bob1, 'alice'),
    );
    for (const call of calls) await commit(store, { records: [recordOf(call)] });
    const newest = calls.map(({ id }) => id).toReversed();
    const first = await store.records({ user: 'alice', limit: 2 });
    const before = first.at(-1)?.position ?? 0;
    const rest = await store.records({ user: 'alice', limit: 9, before });
    expect([...first, ...rest].map(({ record }) => record.call)).toEqual(newest);
  });

  test('records are found by peer and by the time of their end', async () => {
    const store = await make();
    const ends: [ReturnType<typeof invited>, number][] = [
      [invited(alice1, 'bob'), T0 + 1],
      [invited(carol1, 'alice'), T0 + 2],
      [invited(bob1, 'alice'), T0 + 3],
      [invited(alice1, 'carol'), T0 + 4],
    ];
    for (const [call, endedAt] of ends) {
      await commit(store, { records: [recordOf(call, endedAt)] });
    }
    const found = (query: Omit<RecordQuery, 'user' | 'limit'>) => endsOf(store, query);
    expect(await found({})).toEqual([4, 3, 2, 1]);
    expect(await found({ peer: 'bob' })).toEqual([3, 1]);
    expect(await found({ peer: 'alice' })).toEqual([]);
    expect(await found({ from: T0 + 2 })).toEqual([4, 3, 2]);
    expect(await found({ to: T0 + 3 })).toEqual([2, 1]);
    expect(await found({ from: T0 + 2, to: T0 + 4, peer: 'carol' })).toEqual([2]);
  });
}

function listsContract(make: MakeStore): void {
  test('records are found by outcome; only who was called has missed a call', async () => {
    const store = await make();
    const statuses = [1, 2, 3, 4, 5] as const;
    for (const [i, status] of statuses.entries()) {
      const [out, back] = [invited(alice1, 'bob'), invited(bob1, 'alice')];
      const at = T0 + 2 * i;
      const records = [
        { ...recordOf(out, at), status },
        { ...recordOf(back, at + 1), status },
      ];
      await commit(store, { records });
    }
    const found = (query: Omit<RecordQuery, 'user' | 'limit'>) => endsOf(store, query);
    expect(await found({ outcome: 'completed' })).toEqual([1, 0]);
    expect(await found({ outcome: 'cancelled' })).toEqual([3, 2]);
    expect(await found({ outcome: 'refused', peer: 'bob' })).toEqual([5, 4]);
    expect(await found({ outcome: 'unanswered', to: T0 + 7 })).toEqual([6]);
    expect(await found({ outcome: 'busy', from: T0 + 9 })).toEqual([9]);
    expect(await found({ outcome: 'missed' })).toEqual([9, 7, 3]);
    expect(await found({ outcome: 'missed', peer: 'bob', to: T0 + 9 })).toEqual([7, 3]);
    expect(await found({ outcome: 'missed', peer: 'carol' })).toEqual([]);
  });

  test('missed calls are counted from the last that was seen', async () => {
    const store = await make();
    const calls = [invited(), invited(), invited()];
    for (const call of calls) await commit(store, { records: [recordOf(call)] });
    expect(await store.missedCalls('bob')).toBe(3);
    expect(await store.missedCalls('alice')).toBe(0);
    const see = (i: number) => ({ seen: [{ user: 'bob', call: calls[i]?.id ?? '' }] });
    await commit(store, see(1));
    expect(await store.missedCalls('bob')).toBe(1);
    await commit(store, see(0));
    expect(await store.missedCalls('bob')).toBe(1);
  });
}

async function endsOf(store: Store, query: Omit<RecordQuery, 'user' | 'limit'>) {
  const records = await store.records({ user: 'alice', limit: 9, ...query });
  return records.map(({ record }) => record.endedAt - T0);
}
