import { AssertionError } from 'node:assert/strict';
import { expect, test } from 'vitest';
import type { Step, Store } from '../../../src/store/store.ts';
import {
  alice1,
  bob1,
  bound,
  cancelled,
  carol1,
  commit,
  established,
  invitation,
  invited,
  lineOf,
  recordOf,
  stepOf,
  textOf,
} from '../builders.ts';
import type { MakeStore } from '../contract.ts';

const LOST = { moved: false };

/** A step is all or nothing, and commits only on the versions on which it was decided. */
export function stepsContract(make: MakeStore): void {
  test('what was committed is loaded', async () => {
    const store = await make();
    const call = invited(alice1, 'bob', { content: 'about tomorrow' });
    const device = bound(alice1, { lastSeq: 7, results: [{ seq: 7, reply: '{"type":"done"}' }] });
    await commit(store, { ...invitation(call), devices: [device] });
    expect(await store.load({ users: ['alice', 'bob'], actor: alice1 })).toEqual({
      calls: [call],
      lines: [lineOf('alice', 1, [call.id]), lineOf('bob', 1, [call.id])],
      actor: device,
      devices: [],
    });
  });

  test('a step without changes commits', async () => {
    expect(await (await make()).commit(stepOf())).toEqual({ moved: true, inbox: [], revised: [] });
  });

  test('a call moves on from the version before, and from no other', async () => {
    const store = await make();
    const call = invited();
    await commit(store, { calls: [call] });
    const next = established(call);
    expect(await store.commit(stepOf({ calls: [{ ...next, version: 3 }] }))).toEqual(LOST);
    expect(await store.commit(stepOf({ calls: [{ ...call, content: 'again' }] }))).toEqual(LOST);
    await commit(store, { calls: [next] });
    expect(await store.commit(stepOf({ calls: [next] }))).toEqual(LOST);
    expect(await store.call(call.id)).toEqual(next);
  });

  test('a call that does not exist has no second version', async () => {
    const store = await make();
    expect(await store.commit(stepOf({ calls: [established(invited())] }))).toEqual(LOST);
  });

  test('a line moves on from the version before, and from no other', async () => {
    const store = await make();
    expect(await store.commit(stepOf({ lines: [lineOf('alice', 2)] }))).toEqual(LOST);
    await commit(store, { lines: [lineOf('alice', 1, ['x'])] });
    expect(await store.commit(stepOf({ lines: [lineOf('alice', 1)] }))).toEqual(LOST);
    await commit(store, { lines: [lineOf('alice', 2, ['y'])] });
    expect((await store.load({ users: ['alice'] })).lines).toEqual([lineOf('alice', 2, ['y'])]);
  });

  test('a line that was relied on must not have moved', async () => {
    const store = await make();
    const expecting = (version: number) =>
      store.commit(stepOf({ expect: [{ user: 'alice', version }] }));
    expect(await expecting(0)).toEqual({ moved: true, inbox: [], revised: [] });
    await commit(store, { lines: [lineOf('alice', 1)] });
    expect(await expecting(0)).toEqual(LOST);
    expect(await expecting(1)).toEqual({ moved: true, inbox: [], revised: [] });
    expect((await store.load({ users: ['alice'] })).lines).toEqual([lineOf('alice', 1)]);
  });

  test('a device moves on from the version before, and from no other', async () => {
    const store = await make();
    const device = bound(alice1, { lastSeq: 1 });
    expect(await store.commit(stepOf({ devices: [{ ...device, version: 2 }] }))).toEqual(LOST);
    await commit(store, { devices: [device] });
    expect(await store.commit(stepOf({ devices: [{ ...device, lastSeq: 9 }] }))).toEqual(LOST);
    await commit(store, { devices: [{ ...device, version: 2, lastSeq: 2 }] });
    expect((await store.load({ users: [], actor: alice1 })).actor?.lastSeq).toBe(2);
  });

  for (const [what, guard] of [
    ['call', { calls: [established(invited())] }],
    ['line', { lines: [lineOf('dave', 5)] }],
    ['expected line', { expect: [{ user: 'dave', version: 5 }] }],
    ['device', { devices: [bound(carol1, { version: 5 })] }],
  ] satisfies [string, Partial<Step>][]) {
    test(`a step that loses by its ${what} leaves nothing behind`, async () => {
      const store = await make();
      const call = invited();
      const whole = stepOf({
        calls: [call, ...(guard.calls ?? [])],
        lines: [lineOf('alice', 1, [call.id]), ...(guard.lines ?? [])],
        expect: guard.expect ?? [],
        devices: [bound(alice1, { acknowledged: 3 }), ...(guard.devices ?? [])],
        records: [recordOf(call)],
        inbox: [textOf('alice', 'bob')],
      });
      expect(await store.commit(whole)).toEqual(LOST);
      await expectEmpty(store, call.id);
    });
  }

  test('of two steps on one version at once, one commits', async () => {
    const store = await make();
    const call = invited();
    await commit(store, { calls: [call] });
    const both = await Promise.all([
      store.commit(stepOf({ calls: [established(call)] })),
      store.commit(stepOf({ calls: [cancelled(call)], records: [recordOf(call)] })),
    ]);
    expect(both.filter(({ moved }) => moved)).toHaveLength(1);
    expect(await store.log(call.id)).toHaveLength(2);
  });

  test('of two first calls to one user at once, one commits', async () => {
    const store = await make();
    const toBob = [invited(alice1, 'bob'), invited(carol1, 'bob')];
    const both = await Promise.all(toBob.map((call) => store.commit(invitation(call))));
    expect(both.filter(({ moved }) => moved)).toHaveLength(1);
    expect((await store.load({ users: ['bob'] })).calls).toHaveLength(1);
  });

  test('steps that follow one another without waiting all commit', async () => {
    const store = await make();
    const call = invited();
    const both = await Promise.all([
      store.commit(stepOf({ calls: [call] })),
      store.commit(stepOf({ calls: [cancelled(call)] })),
    ]);
    expect(both.every(({ moved }) => moved)).toBe(true);
    expect((await store.call(call.id))?.version).toBe(2);
  });

  test('a step that must not be fails alone among those that came with it', async () => {
    const store = await make();
    const [call, other] = [invited(), invited(bob1, 'carol')];
    await commit(store, { calls: [call], records: [recordOf(call)] });
    const [before, bad, after] = await Promise.allSettled([
      store.commit(stepOf({ inbox: [textOf('alice', 'bob', 'one')] })),
      store.commit(
        stepOf({ calls: [other], records: [recordOf(call)], inbox: [textOf('alice', 'bob')] }),
      ),
      store.commit(stepOf({ inbox: [textOf('alice', 'bob', 'two')] })),
    ]);
    expect([before.status, bad.status, after.status]).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(bad.status === 'rejected' && bad.reason).toBeInstanceOf(AssertionError);
    expect(await store.call(other.id)).toBeUndefined();
    const texts = (await store.inbox('bob', 0, 9)).map(({ cursor, body }) => ({ cursor, body }));
    expect(texts).toEqual([
      { cursor: 1, body: { kind: 'text', text: 'one' } },
      { cursor: 2, body: { kind: 'text', text: 'two' } },
    ]);
  });
}

async function expectEmpty(store: Store, call: string): Promise<void> {
  const users = ['alice', 'bob', 'dave'];
  const snapshot = await store.load({ users, call, actor: alice1, devicesOf: users });
  expect(snapshot.calls).toEqual([]);
  expect(snapshot.lines).toEqual(users.map((user) => lineOf(user, 0)));
  expect(snapshot.actor?.version).toBe(0);
  expect(snapshot.devices).toEqual([]);
  expect(await store.log(call)).toEqual([]);
  expect(await store.dueCalls(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
  expect(await store.records({ user: 'alice', limit: 9 })).toEqual([]);
  expect(await store.inboxHead('bob')).toBe(0);
  expect((await store.inboxStanding('alice')).acknowledged).toBe(0);
  expect(await store.directory(undefined, 9)).toEqual([]);
}
