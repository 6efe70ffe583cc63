import { DatabaseSync } from 'node:sqlite';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { StoreFault } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { MAX_SKEW_MS } from '../../src/verify/calls.ts';
import { verify } from '../../src/verify/verify.ts';
import { testWorld } from '../cli/fixture.ts';
import { newFile } from '../store/sqlite-files.ts';
import { CALL, CALL2, established } from '../support/calls.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

/** A call that is over, one that is open, a message, and what an endpoint waits for. */
async function lived(store: Store): Promise<void> {
  const clock = new VirtualClock();
  const outbound = new Receiver(clock);
  outbound.react = () => 'is away';
  const configured = [endpointAt('https://backend.example.com/')];
  const webhooks = { outbound, configured, keepMs: 86_400_000 };
  const cluster = new TestCluster({ clock, store, webhooks });
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hello' } });
  await clock.advanceAsync(9_000);
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  alice.invite(CALL2, 'bob');
  await cluster.settle();
  await node.stop();
}

async function flawsOf(store: Store): Promise<readonly string[]> {
  const flaws: string[] = [];
  await verify(store, (flaw) => flaws.push(flaw));
  return flaws;
}

/** A file in which a life has been written, and then this was changed behind everybody's back. */
async function spoiled(...statements: readonly string[]): Promise<readonly string[]> {
  const file = newFile();
  const store = openSqliteStore(file);
  await lived(store);
  await store.close();
  const database = new DatabaseSync(file);
  for (const statement of statements) database.exec(statement);
  database.close();
  const opened = openSqliteStore(file);
  const flaws = await flawsOf(opened);
  await opened.close();
  return flaws;
}

test.each([
  ['memory', () => new MemoryStore()],
  ['SQLite', () => openSqliteStore(newFile())],
])('[VFY1] what was kept in an ordinary life fits together: %s', async (_, make) => {
  const store = make();
  await lived(store);
  const verdict = await verify(store, (flaw) => expect(flaw).toBe('nothing'));
  expect(verdict).toEqual({ calls: 2, open: 1, records: 1, deliveries: 2, users: 2, flaws: 0 });
  await store.close();
});

describe('what was changed is named', () => {
  const over = `(SELECT n FROM calls WHERE id = '${CALL}')`;
  test.each([
    [['DELETE FROM records'], [`${CALL}: has 0 records`]],
    [
      [`UPDATE records SET body = json_set(body, '$.durations[0].seconds', 8)`],
      [
        `${CALL}: its record has durations [{"user":"alice","seconds":8},{"user":"bob","seconds":9}], its log [{"user":"alice","seconds":9},{"user":"bob","seconds":9}]`,
        `${CALL}: the message to alice is not its record`,
        `${CALL}: the message to bob is not its record`,
      ],
    ],
    [
      [`UPDATE records SET body = json_set(body, '$.status', 4)`],
      [
        `${CALL}: its record has status 4, its log 1`,
        `${CALL}: the message to alice is not its record`,
        `${CALL}: the message to bob is not its record`,
      ],
    ],
    [
      [`DELETE FROM inbox WHERE owner = 'bob' AND cursor = 2`],
      [
        'the inbox of bob: ends at 1, and its head is 2',
        `${CALL}: its record does not lie in the inbox of bob`,
      ],
    ],
    [
      [`UPDATE messages SET body = json_set(body, '$.record.status', 3) WHERE id LIKE 'record:%'`],
      [
        `${CALL}: the message to alice is not its record`,
        `${CALL}: the message to bob is not its record`,
      ],
    ],
    [
      [`UPDATE inboxes SET acknowledged = 99 WHERE owner = 'bob'`],
      ['the inbox of bob: is acknowledged up to 99, beyond its head 2'],
    ],
    [
      [`DELETE FROM call_log WHERE version = 2 AND call = ${over}`],
      [`${CALL}: its log goes from 1 to 3`],
    ],
    [
      [
        `UPDATE call_log SET after = json_set(after, '$.changedAt', 1) WHERE version = 2 AND call = ${over}`,
      ],
      [`${CALL}: goes back in time at version 2`],
    ],
    [
      [`UPDATE calls SET version = 99 WHERE id = '${CALL}'`],
      [`${CALL}: is at version 99, and its log at 6`],
    ],
    [
      [`UPDATE calls SET open = 1 WHERE id = '${CALL}'`],
      [
        `${CALL}: is open, and its log says ended`,
        `${CALL}: is open, and the line of alice does not name it`,
        `${CALL}: is open, and the line of bob does not name it`,
      ],
    ],
    [
      [`UPDATE lines SET calls = '[]' WHERE user = 'bob'`],
      [`${CALL2}: is open, and the line of bob does not name it`],
    ],
    [
      [`UPDATE lines SET calls = '["${CALL2}","${CALL}"]' WHERE user = 'bob'`],
      [`the line of bob names ${CALL}, which is not open`],
    ],
    [
      [`DELETE FROM call_log WHERE call = ${over}`, `DELETE FROM calls WHERE id = '${CALL}'`],
      [`${CALL}: has a record and no call`],
    ],
    [
      [`UPDATE events SET sequence = 2 WHERE sequence = 3`],
      [`${CALL}: its events are numbered 1, 2, 2, 4, 5, 6`],
    ],
    [
      [`UPDATE deliveries SET due_at = NULL WHERE lane = '${CALL2}'`],
      ['delivery 8 of a webhook waits behind nothing'],
    ],
  ])('[VFY2] %j', async (statements, flaws) => {
    expect(await spoiled(...statements)).toEqual(flaws);
  });

  test('[VFY3] events that were told long ago may be gone', async () => {
    expect(
      await spoiled('DELETE FROM events WHERE sequence IN (1, 3)', 'DELETE FROM deliveries'),
    ).toEqual([]);
  });

  test('[VFY3] what was kept long enough may be gone from the beginning of an inbox', async () => {
    const shortened = `DELETE FROM inbox WHERE owner = 'bob' AND cursor <= 1`;
    expect(await spoiled(shortened)).toEqual([]);
    expect(await spoiled(`DELETE FROM inbox WHERE owner = 'bob'`)).toEqual([]);
    const hole = `DELETE FROM inbox WHERE owner = 'bob' AND cursor = 2`;
    expect(await spoiled(hole)).not.toEqual([]);
  });
});

test.each([
  [MAX_SKEW_MS, []],
  [MAX_SKEW_MS + 1, [`${CALL}: its record does not lie in the inbox of bob`]],
])(
  '[VFY3] what lies there may be older than what is gone by MAX_SKEW_MS: %i',
  async (by, flaws) => {
    const text = `id NOT LIKE 'record:%'`;
    const spoil = [
      `DELETE FROM inbox WHERE owner = 'bob' AND cursor = 1`,
      `UPDATE inbox SET message = (SELECT n FROM messages WHERE ${text}) WHERE owner = 'bob'`,
      `UPDATE messages SET at = (SELECT ended_at FROM records) - ${by} WHERE ${text}`,
    ];
    expect(await spoiled(...spoil)).toEqual(flaws);
  },
);

describe('ringline verify', () => {
  test('[VFY4] one line when all fits together, and the flaws when not', async () => {
    const store = new MemoryStore();
    await lived(store);
    const good = testWorld({ openStore: () => store });
    expect(await run(['verify'], good.world)).toBe(0);
    expect(good.out()).toBe(
      '2 calls (1 open), 1 records, 2 deliveries, 2 users: all fits together',
    );
    store.strayRecords = async () => [CALL2];
    const bad = testWorld({ openStore: () => store });
    expect(await run(['verify'], bad.world)).toBe(1);
    expect(bad.err()).toBe(`${CALL2}: has a record and no call`);
    expect(bad.out()).toContain('1 flaws');
  });

  test('[VFY4] data in use or out of reach is said, and so is a word too many', async () => {
    const openStore = () => {
      throw new StoreFault('it is in use by another process', undefined);
    };
    const used = testWorld({ openStore });
    expect(await run(['verify'], used.world)).toBe(1);
    expect(used.err()).toContain('in use by another process');
    const wrong = testWorld();
    expect(await run(['verify', 'everything'], wrong.world)).toBe(2);
  });
});

test.each([
  ['memory', () => new MemoryStore()],
  ['SQLite', () => openSqliteStore(newFile())],
])('[INB17] what was removed from inboxes is no difference: %s', async (_, make) => {
  const store = make();
  await lived(store);
  const { head } = await store.inboxStanding('bob');
  expect(head).toBe(2);
  while ((await store.removeOlder(Number.MAX_SAFE_INTEGER, 1)).more);
  expect(await store.inboxStanding('bob')).toMatchObject({ head, first: head + 1 });
  expect(await flawsOf(store)).toEqual([]);
});
