import { AssertionError } from 'node:assert/strict';
import { expect, test } from 'vitest';
import type { Inviting } from '@ringline/call';
import {
  T0,
  alice1,
  bob1,
  cancelled,
  carol1,
  commit,
  established,
  invitation,
  invited,
  lineOf,
  newCallId,
  recordOf,
} from '../builders.ts';
import type { MakeStore } from '../contract.ts';

/** Calls, their log and deadlines, and the lines of their users. */
export function callsContract(make: MakeStore): void {
  test('users without a row have a line of version 0', async () => {
    const { calls, lines } = await (await make()).load({ users: ['alice', 'bob'] });
    expect({ calls, lines }).toEqual({ calls: [], lines: [lineOf('alice', 0), lineOf('bob', 0)] });
  });

  test('a scope sees every open call of its users, each once, and the lines of all their parties', async () => {
    const store = await make();
    const [first, second] = [invited(alice1, 'bob'), invited(carol1, 'alice')];
    await commit(store, {
      calls: [first, second],
      lines: [
        lineOf('alice', 1, [first.id, second.id]),
        lineOf('bob', 1, [first.id]),
        lineOf('carol', 1, [second.id]),
      ],
    });
    const { calls, lines } = await store.load({ users: ['alice', 'bob'] });
    expect(calls).toEqual([first, second]);
    expect(lines).toEqual([
      lineOf('alice', 1, [first.id, second.id]),
      lineOf('bob', 1, [first.id]),
      lineOf('carol', 1, [second.id]),
    ]);
  });

  test('a call brings the lines and the open calls of its two users', async () => {
    const store = await make();
    const [first, second] = [invited(alice1, 'bob'), invited(carol1, 'bob')];
    await commit(store, {
      calls: [first, second],
      lines: [lineOf('alice', 1, [first.id]), lineOf('bob', 1, [first.id, second.id])],
    });
    const { calls, lines } = await store.load({ users: [], call: first.id });
    expect(calls).toEqual([first, second]);
    expect(lines).toEqual([
      lineOf('alice', 1, [first.id]),
      lineOf('bob', 1, [first.id, second.id]),
      lineOf('carol', 0),
    ]);
  });

  test('a call that is over is seen when it is asked for, and only then', async () => {
    const store = await make();
    const call = invited();
    const over = cancelled(call);
    await commit(store, invitation(call));
    await commit(store, {
      calls: [over],
      lines: [lineOf('alice', 2), lineOf('bob', 2)],
      records: [over.record],
    });
    expect((await store.load({ users: ['alice'] })).calls).toEqual([]);
    expect(await store.load({ users: [], call: call.id })).toEqual({
      calls: [over],
      lines: [lineOf('alice', 2), lineOf('bob', 2)],
      actor: undefined,
      devices: [],
    });
    expect(await store.call(call.id)).toEqual(over);
  });

  test('an unknown call brings nothing', async () => {
    const store = await make();
    const id = newCallId();
    const { calls, lines } = await store.load({ users: ['alice'], call: id });
    expect({ calls, lines }).toEqual({ calls: [], lines: [lineOf('alice', 0)] });
    expect(await store.call(id)).toBeUndefined();
  });

  test('calls that are asked for at once are told apart, also the one that is twice among them', async () => {
    const store = await make();
    const [first, second] = [invited(), invited(carol1, 'alice')];
    for (const call of [first, second]) await commit(store, { calls: [call] });
    const ids = [second.id, newCallId(), first.id, second.id];
    const found = await Promise.all(ids.map((id) => store.call(id)));
    expect(found).toEqual([second, undefined, first, second]);
  });

  test('what is loaded is of one moment', async () => {
    const store = await make();
    const call = invited();
    await commit(store, invitation(call));
    const writing = (async () => {
      for (let version = 2; version < 40; version++) {
        const lines = ['alice', 'bob'].map((user) => lineOf(user, version, [call.id]));
        await commit(store, { calls: [{ ...call, version }], lines });
      }
    })();
    for (let i = 0; i < 100; i++) {
      const { calls, lines } = await store.load({ users: ['alice', 'bob'] });
      expect(new Set([...calls, ...lines].map(({ version }) => version)).size).toBe(1);
    }
    await writing;
  });

  test('calls are due when their deadline has come, earliest first', async () => {
    const store = await make();
    const inSeconds = (s: number) => due(T0 + s * 1000);
    const [third, first, second] = [inSeconds(3), inSeconds(1), inSeconds(2)];
    await commit(store, { calls: [third, first, second] });
    expect(await store.dueCalls(T0 + 999, 9)).toEqual([]);
    expect(await store.dueCalls(T0 + 1000, 9)).toEqual([first.id]);
    expect(await store.dueCalls(T0 + 9000, 9)).toEqual([first.id, second.id, third.id]);
    expect(await store.dueCalls(T0 + 9000, 2)).toEqual([first.id, second.id]);
  });

  test('a deadline moves with its call and is gone when it is over or has none', async () => {
    const store = await make();
    const [moving, ending, talking] = [due(T0 + 1), due(T0 + 2), due(T0 + 3)];
    await commit(store, { calls: [moving, ending, talking] });
    await commit(store, {
      calls: [{ ...moving, version: 2, offlineAt: T0 + 5, expiresAt: T0 + 5 }],
    });
    expect(await store.dueCalls(T0 + 4, 9)).toEqual([ending.id, talking.id]);
    await commit(store, { calls: [cancelled(ending), established(talking)] });
    expect(await store.dueCalls(T0 + 9, 9)).toEqual([moving.id]);
    await commit(store, { calls: [cancelled({ ...moving, version: 2 })] });
    expect(await store.dueCalls(T0 + 99, 9)).toEqual([]);
  });

  test('the log tells every version, when and by whom', async () => {
    const store = await make();
    const call = invited();
    const over = cancelled(call);
    await commit(store, { calls: [call], at: T0, cause: { type: 'invite', by: alice1 } });
    await commit(store, { calls: [over], at: T0 + 5, cause: { type: 'expire' } });
    await commit(store, { calls: [invited(bob1, 'carol')], cause: { type: 'invite', by: bob1 } });
    expect(await store.log(call.id)).toEqual([
      { call: call.id, version: 1, at: T0, cause: { type: 'invite', by: alice1 }, after: call },
      { call: call.id, version: 2, at: T0 + 5, cause: { type: 'expire' }, after: over },
    ]);
    expect(await store.log(newCallId())).toEqual([]);
  });

  test('two calls never have one room id', async () => {
    const store = await make();
    const call = invited();
    await commit(store, { calls: [call] });
    const other = invited(carol1, 'dave', { roomId: call.roomId });
    await expect(commit(store, { calls: [other] })).rejects.toThrow(AssertionError);
    expect(await store.call(other.id)).toBeUndefined();
  });

  test('every character of what callers send survives', async () => {
    const store = await make();
    const content = 'a\u0000b \ud83d\ude42 "\\\n\u2028 e\u0301 \u00e9 \ud800';
    const call = invited(alice1, 'bob', { content });
    await commit(store, { calls: [call], records: [recordOf(call)] });
    expect((await store.call(call.id))?.content).toBe(content);
    expect((await store.log(call.id))[0]?.after).toEqual(call);
  });
}

function due(at: number): Inviting {
  return invited(alice1, 'bob', { expiresAt: at, offlineAt: at });
}
