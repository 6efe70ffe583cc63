import { expect, test } from 'vitest';
import type { CallQuality } from '../../../src/store/store.ts';
import { commit, invited, newCallId, recordOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

const SUMMARY = { seconds: 60, mos: 4.2, mosMin: 3.9, lossRatio: 0.01, relayed: false };

/** What users reported of the quality of their calls: the last word of each. */
export function qualityContract(make: MakeStore): void {
  test('what each user reported of a call is found by the call, ordered by user', async () => {
    const store = await make();
    const [call, other] = [newCallId(), newCallId()];
    const bob: CallQuality = { call, user: 'bob', ...SUMMARY };
    const alice: CallQuality = { call, user: 'alice', ...SUMMARY, mos: 3.5 };
    const later: CallQuality = { call: other, user: 'bob', ...SUMMARY };
    await commit(store, { quality: [bob, later] });
    await commit(store, { quality: [alice] });
    expect(await store.quality([call])).toEqual([alice, bob]);
    expect(await store.quality([other, call])).toEqual([later, alice, bob]);
    expect(await store.quality([newCallId()])).toEqual([]);
    expect(await store.quality([])).toEqual([]);
  });

  test('a later report takes the place of the earlier, whole', async () => {
    const store = await make();
    const first: CallQuality = { call: newCallId(), user: 'alice', ...SUMMARY };
    const { relayed: _, ...fewer } = first;
    const last = { ...fewer, seconds: 120, mos: 2 };
    await commit(store, { quality: [first] });
    await commit(store, { quality: [last] });
    expect(await store.quality([first.call])).toEqual([last]);
  });

  test('a report changes no record, and may come before it', async () => {
    const store = await make();
    const call = invited();
    const record = recordOf(call);
    await commit(store, { quality: [{ call: call.id, user: 'alice', ...SUMMARY }] });
    await commit(store, { records: [record] });
    const [found] = await store.records({ user: 'alice', limit: 1 });
    expect(found?.record).toEqual(record);
  });
}
