import { expect, test } from 'vitest';
import type { CallId } from '@ringline/protocol';
import type { Forgotten } from '../../../src/store/past-calls.ts';
import type { Store } from '../../../src/store/store.ts';
import { flawsOf } from '../../verify/flaws-of.ts';
import { T0, bob1, cancelled, commit, invitation, invited, lineOf, stepOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';
import { event } from './outbox-builders.ts';

const SUMMARY = { seconds: 60, mos: 4.2, mosMin: 3.9, lossRatio: 0.01, relayed: false };

const second = (s: number) => T0 + s * 1_000;

let alone = 0;

/** A call that Alice took back so many seconds after the beginning, of which Bob has reported; its id. */
async function past(store: Store, s: number, callee = 'bob', id?: CallId): Promise<CallId> {
  alone += 1;
  const caller = { user: `alice${alone}`, device: 'device' };
  const call = { ...invited(caller, callee, { recordTo: [] }), ...(id !== undefined && { id }) };
  const ringing = { ...call, version: 2, changedAt: T0 + 500 };
  const over = { ...cancelled(ringing, second(s)), endedBy: caller };
  await commit(store, { calls: [call] });
  await commit(store, { calls: [ringing] });
  const quality = [{ call: call.id, user: callee, ...SUMMARY }];
  await commit(store, { calls: [over], records: [over.record], quality });
  return call.id;
}

/** How many rows the log of each of these has. */
const logs = async (store: Store, calls: readonly CallId[]) =>
  Promise.all(calls.map(async (call) => (await store.log(call)).length));

const recorded = async (store: Store, user = 'bob') =>
  (await store.records({ user, limit: 99 })).map(({ record }) => record.call).toReversed();

/** Portions of that size until nothing is left; how many calls went in each. */
async function forgetAll(store: Store, before: number, limit: number): Promise<readonly number[]> {
  const counts: number[] = [];
  for (let after: number | undefined, i = 0; i < 50; i++) {
    const { count, done } = await store.forgetCalls(before, { after, limit });
    counts.push(count);
    if (done === null) return counts;
    after = done;
  }
  throw new Error('it never ends');
}

async function forgotten(store: Store): Promise<Forgotten> {
  const audit = await store.audit();
  const marks = await audit.forgotten();
  await audit.close();
  return marks;
}

/** What need not be kept of calls that are over. */
export function pastCallsContract(make: MakeStore): void {
  test('[RET1] logs of calls that ended before a moment keep their newest row, oldest first, in portions', async () => {
    const store = await make();
    const calls = [await past(store, 1), await past(store, 2), await past(store, 3)];
    const young = await past(store, 4);
    expect(await store.shortenLogs(second(4), 2)).toBe(2);
    expect(await logs(store, [...calls, young])).toEqual([1, 1, 3, 3]);
    expect(await store.shortenLogs(second(4), 2)).toBe(1);
    expect(await store.shortenLogs(second(4), 2)).toBe(0);
    expect(await logs(store, [...calls, young])).toEqual([1, 1, 1, 3]);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET1] a call whose log was shortened is told as before, with its record', async () => {
    const store = await make();
    const id = await past(store, 1);
    const before = [await store.call(id), await store.records({ user: 'bob', limit: 9 })];
    await store.shortenLogs(second(2), 9);
    expect([await store.call(id), await store.records({ user: 'bob', limit: 9 })]).toEqual(before);
    expect((await store.load({ users: [], call: id })).calls).toMatchObject([{ id, version: 3 }]);
    // Its id is taken, and nothing more can be done in it.
    const again = stepOf({ calls: [{ ...invited(), id }] });
    expect(await store.commit(again)).toEqual({ moved: false });
  });

  test('[RET1] a call that ended in the past, while no server ran, has its time from when that was written', async () => {
    const store = await make();
    const call = invited(undefined, 'bob', { recordTo: [] });
    const over = cancelled(call, second(1));
    await commit(store, { calls: [call] });
    await commit(store, { at: second(50), calls: [over], records: [over.record] });
    expect(await store.shortenLogs(second(50), 9)).toBe(0);
    expect(await forgetAll(store, second(50), 9)).toEqual([0]);
    expect(await logs(store, [call.id])).toEqual([2]);
    expect(await store.shortenLogs(second(50) + 1, 9)).toBe(1);
    expect(await forgetAll(store, second(50) + 1, 9)).toEqual([1]);
  });

  test('[RET1] nothing is removed of a call that is open, however old', async () => {
    const store = await make();
    const open = invited();
    await commit(store, invitation(open));
    await commit(store, { calls: [{ ...open, version: 2 }] });
    expect(await store.shortenLogs(second(9_999), 9)).toBe(0);
    expect(await forgetAll(store, second(9_999), 9)).toEqual([0]);
    expect(await logs(store, [open.id])).toEqual([2]);
  });

  test('[RET2] a call that ended before a moment is forgotten whole, in portions', async () => {
    const store = await make();
    const calls = [await past(store, 1), await past(store, 2), await past(store, 3)];
    const young = await past(store, 4);
    expect(await forgetAll(store, second(4), 2)).toEqual([2, 1]);
    expect(await recorded(store)).toEqual([young]);
    expect(await Promise.all(calls.map((call) => store.call(call)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await logs(store, [...calls, young])).toEqual([0, 0, 0, 3]);
    expect(await store.quality([...calls, young])).toMatchObject([{ call: young }]);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET2] a call of which an event is kept stays, and holds no other back', async () => {
    const store = await make();
    const told = await past(store, 1);
    const other = await past(store, 2);
    await commit(store, { events: [event(told)] });
    expect(await forgetAll(store, second(9), 1)).toEqual([0, 1, 0]);
    expect(await recorded(store)).toEqual([told]);
    expect(await store.call(other)).toBeUndefined();
    const [due] = await store.claimDeliveries({
      endpoint: 'one',
      now: T0,
      until: T0 + 9,
      limit: 9,
    });
    const attempt = { at: T0, status: 204, note: '' };
    const over = {
      n: due!.n,
      claim: due!.claim,
      state: 'delivered',
      dueAt: null,
      attempt,
    } as const;
    await store.settleDeliveries([over], T0);
    await store.forgetEvents(second(9), { limit: 9 });
    // By another setting less would go: what is gone stays marked.
    const marks = await forgotten(store);
    expect(await forgetAll(store, second(2), 9)).toEqual([1]);
    expect(await recorded(store)).toEqual([]);
    expect(await forgotten(store)).toEqual(marks);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET2] missed calls that are forgotten are counted no more, and what was seen stays seen', async () => {
    const store = await make();
    const [seen] = [await past(store, 1), await past(store, 2)];
    await commit(store, { lines: [lineOf('bob', 1)], seen: [{ user: 'bob', call: seen }] });
    await past(store, 3);
    expect(await store.missedCalls('bob')).toBe(2);
    await forgetAll(store, second(3), 9);
    expect(await store.missedCalls('bob')).toBe(1);
    await forgetAll(store, second(9), 9);
    expect(await store.missedCalls('bob')).toBe(0);
    expect(await flawsOf(store)).toEqual([]);
    // The next record comes behind all that were seen, though none is left.
    await past(store, 10);
    expect(await store.missedCalls('bob')).toBe(1);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET2] what comes after all is gone is neither short nor forgotten', async () => {
    const store = await make();
    await past(store, 1);
    await past(store, 2);
    await store.shortenLogs(second(5), 9);
    await forgetAll(store, second(5), 9);
    const next = await past(store, 6);
    expect(await store.shortenLogs(second(6), 9)).toBe(0);
    expect(await logs(store, [next])).toEqual([3]);
    expect(await flawsOf(store)).toEqual([]);
    expect(await store.shortenLogs(second(7), 9)).toBe(1);
    expect(await logs(store, [next])).toEqual([1]);
  });

  test('[RET2] the id of a forgotten call is free, and pages of records go on', async () => {
    const store = await make();
    const id = await past(store, 1);
    await past(store, 2);
    const last = await past(store, 3);
    const [newest] = await store.records({ user: 'bob', limit: 1 });
    await forgetAll(store, second(3), 9);
    const before = newest!.position;
    expect(await store.records({ user: 'bob', before, limit: 9 })).toEqual([]);
    expect(await past(store, 5, 'bob', id)).toBe(id);
    expect(await recorded(store)).toEqual([last, id]);
    expect(await logs(store, [id])).toEqual([3]);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET3] a portion says up to where nothing is left', async () => {
    const store = await make();
    await past(store, 1);
    const told = await past(store, 2);
    await past(store, 3);
    await past(store, 9);
    await commit(store, { events: [event(told)] });
    const [, , held, first] = (await store.records({ user: 'bob', limit: 9 })).map(
      ({ position }) => position,
    );
    const young = { count: 0, done: null, clearTo: 0 };
    expect(await store.forgetCalls(T0, { limit: 9 })).toEqual(young);
    expect(await store.forgetCalls(second(9), { limit: 1 })).toEqual({
      count: 1,
      done: first,
      clearTo: first,
    });
    const rest = { count: 1, done: null, clearTo: held! - 1 };
    expect(await store.forgetCalls(second(9), { after: first, limit: 9 })).toEqual(rest);
    const behind = { count: 0, done: null, clearTo: held };
    expect(await store.forgetCalls(second(9), { after: held, limit: 9 })).toEqual(behind);
  });

  test('[VFY8] up to where it was removed is written down with it', async () => {
    const store = await make();
    await past(store, 1);
    await past(store, 2);
    const [newest, oldest] = await store.records({ user: 'bob', limit: 2 });
    expect(await forgotten(store)).toEqual({ logsTo: 0, callsTo: 0, callsBefore: 0 });
    await store.shortenLogs(second(9), 9);
    await forgetAll(store, second(2), 9);
    const marks = { logsTo: newest!.position, callsTo: oldest!.position, callsBefore: second(2) };
    expect(await forgotten(store)).toEqual(marks);
  });

  test('[VFY8] a record stays a message when its call is forgotten', async () => {
    const store = await make();
    const call = invited();
    const over = cancelled(call);
    const { record } = over;
    const message = { id: `record:${call.id}`, from: 'alice', to: 'bob', at: record.endedAt };
    await commit(store, { calls: [call] });
    await commit(store, {
      calls: [over],
      records: [record],
      inbox: [{ ...message, body: { kind: 'record', record } }],
    });
    await forgetAll(store, record.endedAt + 1, 9);
    expect(await store.inbox(bob1.user, 0, 9)).toMatchObject([
      { body: { kind: 'record', record } },
    ]);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[VFY8] its message is none of an open call that has its id now', async () => {
    const store = await make();
    const call = invited();
    const over = cancelled(call);
    const { record } = over;
    const message = { id: `record:${call.id}`, from: 'alice', at: record.endedAt };
    const body = { kind: 'record', record } as const;
    await commit(store, { calls: [call] });
    await commit(store, {
      calls: [over],
      records: [record],
      inbox: ['alice', 'bob'].map((to) => ({ ...message, to, body })),
    });
    await forgetAll(store, record.endedAt + 1, 9);
    await commit(store, invitation({ ...invited(), id: call.id }));
    expect(await flawsOf(store)).toEqual([]);
  });
}
