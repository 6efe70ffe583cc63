import { expect, test } from 'vitest';
import type { Marks } from '../src/model/marks.ts';
import { passingMarks } from '../src/model/marks.ts';
import { Records } from '../src/model/records.ts';
import { FakeLists, recordAt } from './support/fake-lists.ts';

function recordsOf(count: number, marks: Marks = passingMarks()): [Records, FakeLists] {
  const client = new FakeLists();
  client.stored = Array.from({ length: count }, (_, i) => recordAt(1000 - i));
  return [new Records(client, () => marks), client];
}

test('calls are listed newest first, older ones page by page, each once', async () => {
  const [records] = recordsOf(120);
  await records.load();
  expect(records.items).toHaveLength(50);
  await records.loadOlder();
  await records.loadOlder();
  expect(records.items.map(({ endedAt }) => endedAt)).toEqual(
    Array.from({ length: 120 }, (_, i) => 1000 - i),
  );
  expect(records.hasOlder).toBe(false);
});

test('a record that arrives is listed at once, and is not listed twice by the next page', async () => {
  const [records, client] = recordsOf(2);
  await records.load();
  records.add(recordAt(2000));
  client.stored = [recordAt(2000), ...client.stored];
  await records.load();
  expect(records.items.map(({ endedAt }) => endedAt)).toEqual([2000, 1000, 999]);
});

test('after a long absence no hole is left: the list begins anew with what it may have missed', async () => {
  const [records, client] = recordsOf(60);
  await records.load();
  client.stored = Array.from({ length: 130 }, (_, i) => recordAt(2000 - i));
  await records.load();
  expect(records.items[49]?.endedAt).toBe(1951);
  await records.loadOlder();
  expect(records.items[99]?.endedAt).toBe(1901);
});

test('a page that fails says why, keeps what is there, and is asked for again', async () => {
  const [records, client] = recordsOf(60);
  client.fault = new Error('away');
  await records.load();
  expect(records.state).toEqual({ kind: 'failed', error: client.fault });
  client.fault = undefined;
  await records.load();
  expect(records.state.kind).toBe('ready');
  client.fault = new Error('away again');
  await records.loadOlder();
  expect(records.olderState.kind).toBe('failed');
  expect(records.items).toHaveLength(50);
});

test('missed calls count from the last look on, over reloads, and not those that were stored before the first', async () => {
  const marks = passingMarks();
  const [records] = recordsOf(3, marks);
  await records.load();
  expect(records.missed).toBe(0);
  records.add(recordAt(2000));
  records.add(recordAt(2001, { caller: 'alice', callee: 'bob' }));
  records.add(recordAt(2002, { reason: 'refused' }));
  expect(records.missed).toBe(1);
  records.see();
  expect(records.missed).toBe(0);

  const [reloaded, client] = recordsOf(3, marks);
  client.stored = [recordAt(3000), ...client.stored];
  await reloaded.load();
  expect(reloaded.missed).toBe(1);
});

test('the list is read again with every connection, once it was asked for', async () => {
  const [records, client] = recordsOf(1);
  records.connected();
  expect(records.state.kind).toBe('unknown');
  client.fault = new Error('away');
  await records.load();
  client.fault = undefined;
  records.connected();
  expect(records.state.kind).toBe('loading');
  await records.load();
  expect(records.items).toHaveLength(1);
});

test('those who watch are told when a page comes, when one fails and when somebody looks', async () => {
  const [records] = recordsOf(1);
  let changes = 0;
  records.watch(() => changes++);
  await records.load();
  const after = changes;
  expect(after).toBeGreaterThan(0);
  records.see();
  expect(changes).toBe(after + 1);
  records.see();
  expect(changes).toBe(after + 1);
});
