import { MAX_MISSED, MAX_UNREAD } from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import { MAX_RECEIPT_SPAN } from '../../src/store/receipts.ts';
import type { OpenDatabase, Statement } from '../../src/store/sqlite/driver.ts';
import { openNodeSqlite } from '../../src/store/sqlite/node-sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { PAGE } from '../../src/verify/pages.ts';
import { MAX_SKEW_MS } from '../../src/verify/record-messages.ts';
import { MAX_STRAYS, verify } from '../../src/verify/verify.ts';
import { bound, cancelled, commit, invited, stepOf, textOf } from '../store/builders.ts';
import { newFile } from '../store/sqlite-files.ts';
import { CALL } from '../support/calls.ts';
import { flawsOf } from './flaws-of.ts';
import { MISSED, STORES, spoiled } from './life.ts';

const bob1 = { user: 'bob', device: 'bob1' };

function several<T>(count: number, make: (i: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** Calls that their callers took back, with their logs and records. */
function takenBack(count: number, callerOf: (i: number) => string = () => 'alice') {
  const begun = several(count, (i) => invited({ user: callerOf(i), device: 'device' }));
  const ended = begun.map((call) => ({
    ...cancelled(call),
    endedBy: call.caller,
    recordTo: [],
  }));
  const logged = begun.map((call) => ({ ...call, recordTo: [] }));
  return [
    stepOf({ calls: logged }),
    stepOf({ calls: ended, records: ended.map(({ record }) => record) }),
  ];
}

describe.each(STORES)('%s', (_, make) => {
  test.each([MAX_UNREAD - 1, MAX_UNREAD, MAX_UNREAD + 1])(
    '[VFY5] unread items are counted up to MAX_UNREAD: %i',
    async (count) => {
      const store = make();
      await commit(store, { inbox: several(count, () => textOf('alice', 'bob')) });
      expect(await flawsOf(store)).toEqual([]);
      await store.close();
    },
  );

  test.each([MAX_MISSED - 1, MAX_MISSED, MAX_MISSED + 1])(
    '[VFY5] missed calls are counted up to MAX_MISSED: %i',
    async (count) => {
      const store = make();
      for (const step of takenBack(count)) await commit(store, step);
      expect(await store.missedCalls('bob')).toBe(Math.min(count, MAX_MISSED));
      expect(await flawsOf(store)).toEqual([]);
      await store.close();
    },
  );

  test.each([
    [MAX_RECEIPT_SPAN, 1],
    [MAX_RECEIPT_SPAN + 1, 0],
  ])(
    '[VFY5] who wrote what lies further back than MAX_RECEIPT_SPAN need not know that it came: %i',
    async (count, deliveredUpTo) => {
      const store = make();
      const others = several(count - 1, () => textOf('carol', 'bob'));
      await commit(store, { inbox: [textOf('alice', 'bob'), ...others] });
      await commit(store, { devices: [bound(bob1, { acknowledged: count })] });
      const [told] = await store.conversations({ user: 'alice', limit: 1 });
      expect(told).toMatchObject({ deliveredUpTo });
      expect(await flawsOf(store)).toEqual([]);
      await store.close();
    },
  );

  test('[VFY6] all pages are read, of each kind', async () => {
    const store = make();
    const count = PAGE + 1;
    for (const step of takenBack(count, (i) => `user-${i}`)) await commit(store, step);
    await commit(store, { inbox: several(count, (i) => textOf(`user-${i}`, 'bob')) });
    await commit(store, { inbox: several(count, () => textOf('alice', 'bob')) });
    const verdict = await verify(store, (flaw) => expect(flaw).toBe('nothing'));
    expect(verdict).toMatchObject({
      calls: count,
      records: count,
      // And Alice and Bob.
      users: count + 2,
      items: 4 * count,
      conversations: 2 * (count + 1),
      flaws: 0,
    });
    await store.close();
  });

  test.each([MAX_STRAYS, MAX_STRAYS + 1])(
    '[VFY2] of what belongs to nothing MAX_STRAYS are told: %i',
    async (count) => {
      const store = make();
      const records = several(count, () => cancelled(invited()).record);
      await commit(store, { records, seen: [{ user: 'bob', call: records.at(-1)?.call ?? '' }] });
      expect(await flawsOf(store)).toHaveLength(MAX_STRAYS);
      await store.close();
    },
  );
});

/** A driver that counts the rows that are read, and knows the largest answer. */
class CountedSqlite {
  rows = 0;
  largest = 0;

  readonly open: OpenDatabase = (file, lockWaitMs) => {
    const database = openNodeSqlite(file, lockWaitMs);
    return {
      get isTransaction() {
        return database.isTransaction;
      },
      prepare: (sql) => this.#counted(database.prepare(sql)),
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
    };
  };

  #counted(statement: Statement): Statement {
    return {
      run: (...values) => statement.run(...values),
      get: (...values) => this.#noted(statement.get(...values), 1),
      all: (...values) => {
        const rows = statement.all(...values);
        return this.#noted(rows, rows.length);
      },
    };
  }

  #noted<T>(answer: T, rows: number): T {
    this.rows += rows;
    this.largest = Math.max(this.largest, rows);
    return answer;
  }
}

test('[VFY6] no more than a page is held, and of twice as much twice as much is read', async () => {
  const rowsOf = async (count: number) => {
    const counted = new CountedSqlite();
    const store = openSqliteStore(newFile(), counted.open);
    for (const step of takenBack(count)) await commit(store, step);
    await commit(store, { inbox: several(count, () => textOf('alice', 'bob')) });
    counted.rows = 0;
    const { flaws } = await verify(store, (flaw) => expect(flaw).toBe('nothing'));
    await store.close();
    return { flaws, rows: counted.rows, largest: counted.largest };
  };
  const [one, twice] = [await rowsOf(2 * PAGE), await rowsOf(4 * PAGE)];
  expect([one.flaws, twice.flaws]).toEqual([0, 0]);
  expect([one.largest, twice.largest]).toEqual([PAGE, PAGE]);
  expect(twice.rows / one.rows).toBeLessThanOrEqual(2);
});

test.each([
  [MAX_SKEW_MS, false],
  [MAX_SKEW_MS + 1, true],
])('[VFY3] what is left may be older than what is gone by MAX_SKEW_MS: %i', async (by, isTold) => {
  const flaws = await spoiled(
    `DELETE FROM inbox WHERE owner = 'bob' AND cursor <= 2`,
    `UPDATE inboxes SET first = 3 WHERE owner = 'bob'`,
    `UPDATE messages SET at = (SELECT ended_at FROM records WHERE call = '${CALL}') - ${by}
      WHERE id = 'record:${MISSED}'`,
  );
  expect(flaws.includes(`${CALL}: its record does not lie in the inbox of bob`)).toBe(isTold);
});
