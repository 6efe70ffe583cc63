import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRecord, EndReason, RecordStatus } from '@ringline/protocol';
import { OUTCOMES } from '@ringline/protocol';
import { openStore } from '@ringline/server';
import type { RecordQuery, Step, Store } from '@ringline/server';

/*
 * `npm run bench:records`: the last fifty records of a user among a thousand and among a million,
 * with each filter, and what one more record costs in either. In one run, as ratios.
 */
const FEW = 1_000;
const MANY = 1_000_000;
/** Users that call each other: each of them has a two-hundredth of the records. */
const USERS = 200;
const BATCH = 500;
const ROUNDS = 200;
const STORED = 4_000;
/** Calls that end in the same turn of the event loop on a busy server. */
const TOGETHER = 8;
const LIMIT = 50;
const T0 = Date.UTC(2026, 0, 1);
const ENDINGS: readonly (readonly [RecordStatus, EndReason])[] = [
  [1, 'completed'],
  [2, 'cancelled'],
  [3, 'refused'],
  [4, 'no-answer'],
  [5, 'busy'],
];

const folder = mkdtempSync(join(tmpdir(), 'ringline-bench-records-'));
try {
  const few = await filled('few', FEW);
  const many = await filled('many', MANY);
  console.log(`listing ${LIMIT} records, ms (median of ${ROUNDS})`);
  row('', 'among 1,000', 'among 1,000,000', 'ratio');
  for (const [name, query] of queries()) {
    // Turn and turn about, so that what disturbs one disturbs the other.
    const [one, other] = await inTurn(
      () => few.records({ user: 'user-0', limit: LIMIT, ...query }),
      () => many.records({ user: 'user-0', limit: LIMIT, ...query }),
    );
    row(name, one.toFixed(3), other.toFixed(3), `${(other / one).toFixed(2)} ×`);
  }
  const [one, other] = [await storing(few, FEW), await storing(many, MANY)];
  row('storing one, µs', one.toFixed(1), other.toFixed(1), `${(other / one).toFixed(2)} ×`);
  await Promise.all([few.close(), many.close()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function row(...cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(18))).join(''));
}

function queries(): readonly (readonly [string, Omit<RecordQuery, 'user' | 'limit'>])[] {
  const outcomes = OUTCOMES.map((outcome) => [outcome, { outcome }] as const);
  const peer = 'user-1';
  return [
    ['all', {}],
    ['with one peer', { peer }],
    ...outcomes,
    ['missed, of one peer', { peer, outcome: 'missed' }],
    ['of the last day', { from: T0 }],
  ];
}

async function filled(name: string, count: number): Promise<Store> {
  const store = openStore({ dataDir: join(folder, name) });
  for (let n = 0; n < count; n += BATCH) {
    const size = Math.min(BATCH, count - n);
    await store.commit(stepOf(Array.from({ length: size }, (_, i) => recordOf(n + i))));
  }
  return store;
}

/** Microseconds for one more record, each in a step of its own, as calls end. */
async function storing(store: Store, from: number): Promise<number> {
  const before = performance.now();
  for (let n = 0; n < STORED; n += TOGETHER) {
    // Those that arrive together are committed together, as on a busy server.
    const steps = Array.from({ length: TOGETHER }, (_, i) => stepOf([recordOf(from + n + i)]));
    await Promise.all(steps.map((step) => store.commit(step)));
  }
  return ((performance.now() - before) * 1000) / STORED;
}

async function inTurn(
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    times[0].push(await timeOf(one));
    times[1].push(await timeOf(other));
  }
  return [medianOf(times[0]), medianOf(times[1])];
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** User 0 is in one of a hundred calls; its peer is one of the first four as often as any. */
function recordOf(n: number): CallRecord {
  const [caller, callee] = partiesOf(n);
  const [status, reason] = ENDINGS[Math.floor(n / 7) % ENDINGS.length] ?? [1, 'completed'];
  const at = T0 + n;
  return {
    call: `call-of-the-bench-${n}`,
    roomId: n + 1,
    type: 'audio',
    status,
    reason,
    caller: `user-${caller}`,
    callee: `user-${callee}`,
    durations: [],
    invitedAt: at,
    acceptedAt: null,
    connectedAt: null,
    endedAt: at,
    endedBy: null,
  };
}

function partiesOf(n: number): readonly [number, number] {
  // Among a thousand the user has as many as a page needs: every second call is one of its own.
  if (n < FEW && n % 2 === 0) return n % 4 === 0 ? [0, 1] : [1, 0];
  const one = (n * 7919) % USERS;
  return [one, (one + 1 + ((n * 104_729) % (USERS - 1))) % USERS];
}

function stepOf(records: readonly CallRecord[]): Step {
  const nothing = { calls: [], lines: [], expect: [], devices: [], inbox: [], reads: [] };
  const cause = { type: 'bench' };
  return { at: T0, cause, ...nothing, records, quality: [], seen: [], events: [] };
}
