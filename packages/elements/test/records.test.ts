import { expect, test } from 'vitest';
import { Records } from '../src/model/records.ts';
import { FakeLists, recordAt } from './support/fake-lists.ts';

function recordsOf(count: number): [Records, FakeLists] {
  const client = new FakeLists();
  client.stored = Array.from({ length: count }, (_, i) => recordAt(1000 - i));
  return [new Records(client), client];
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

/** The server counts so many as missed, and has said so. */
function counts(records: Records, client: FakeLists, missed: number): void {
  client.missedCalls = missed;
  records.missedChanged();
}

const newOf = (records: Records) =>
  records.items.filter((each) => records.isNew(each)).map(({ endedAt }) => endedAt);

test('missed is what the server counts; of the missed calls the newest so many are new', async () => {
  const [records, client] = recordsOf(3);
  client.missedCalls = 2;
  await records.load();
  expect(records.missed).toBe(2);
  expect(newOf(records)).toEqual([1000, 999]);
});

test.each(['its record', 'its count'])(
  'a call that is missed is new, when %s comes first',
  async (first) => {
    const [records, client] = recordsOf(3);
    await records.load();
    expect(newOf(records)).toEqual([]);
    if (first === 'its count') counts(records, client, 1);
    expect(newOf(records)).toEqual([]);
    records.add(recordAt(2000));
    records.add(recordAt(2001, { caller: 'alice', callee: 'bob' }));
    records.add(recordAt(2002, { reason: 'refused' }));
    if (first === 'its record') counts(records, client, 1);
    expect(newOf(records)).toEqual([2000]);
  },
);

test('who looks at the list has seen them on all devices, and it is said once', async () => {
  const [records, client] = recordsOf(3);
  client.missedCalls = 2;
  await records.load();
  records.see();
  records.see();
  expect(client.seen).toEqual(['call-1000']);
  counts(records, client, 0);
  expect(newOf(records)).toEqual([]);
  records.see();
  expect(client.seen).toHaveLength(1);
});

test('a look at another device counts here: all of them are seen, or the older ones', async () => {
  const [records, client] = recordsOf(3);
  client.missedCalls = 3;
  await records.load();
  counts(records, client, 1);
  expect(newOf(records)).toEqual([1000]);
  counts(records, client, 0);
  expect(newOf(records)).toEqual([]);
});

test('a look that the server did not hear is said again by whoever looks next', async () => {
  const [records, client] = recordsOf(1);
  client.missedCalls = 1;
  await records.load();
  client.fault = new Error('away');
  records.see();
  await Promise.resolve();
  await Promise.resolve();
  client.fault = undefined;
  records.see();
  expect(client.seen).toEqual(['call-1000', 'call-1000']);
});

test('a missed call whose record becomes no message is fetched, once somebody looks at the list', async () => {
  const [records, client] = recordsOf(1);
  counts(records, client, 1);
  expect(records.state.kind).toBe('unknown');
  await records.load();
  client.stored = [recordAt(2000), ...client.stored];
  counts(records, client, 2);
  expect(records.state.kind).toBe('loading');
  await records.load();
  expect(newOf(records)).toEqual([2000, 1000]);
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

test('those who watch are told when a page comes, and when the server counts otherwise', async () => {
  const [records, client] = recordsOf(1);
  let changes = 0;
  records.watch(() => changes++);
  await records.load();
  const after = changes;
  expect(after).toBeGreaterThan(0);
  counts(records, client, 0);
  expect(changes).toBe(after + 1);
});
