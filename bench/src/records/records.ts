import { join } from 'node:path';
import type { CallRecord, EndReason, RecordStatus } from '@ringline/protocol';
import { OUTCOMES } from '@ringline/protocol';
import { openStore } from '@ringline/server';
import type { RecordQuery, Store } from '@ringline/server';
import { FEW, MANY, compare, heading, inTurn, stepOf } from './measure.ts';

/** Users that call each other: each of them has a two-hundredth of the records. */
const USERS = 200;
const BATCH = 500;
/** Records stored in one turn, and turns: the thousand becomes no more than three. */
const STORED = 80;
const TURNS = 25;
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

/** Records: a page of a list with each filter, and storing one more. */
export async function compareRecords(folder: string): Promise<void> {
  const few = await filled(folder, FEW);
  const many = await filled(folder, MANY);
  heading(`listing ${LIMIT} records`);
  for (const [name, query] of queries()) {
    const lists = [few, many].map(
      (store) => () => store.records({ user: 'user-0', limit: LIMIT, ...query }),
    );
    compare(name, await inTurn(lists));
  }
  const turns = await inTurn([storing(few, FEW), storing(many, MANY)], TURNS);
  const each = turns.map((ms) => (ms * 1000) / STORED);
  compare('storing one, µs', each, 1);
  await Promise.all([few.close(), many.close()]);
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

async function filled(folder: string, count: number): Promise<Store> {
  const store = await openStore({ dataDir: join(folder, `records-${count}`) });
  for (let n = 0; n < count; n += BATCH) {
    const size = Math.min(BATCH, count - n);
    const records = Array.from({ length: size }, (_, i) => recordOf(n + i));
    await store.commit(stepOf({ records }));
  }
  return store;
}

/** Stores more records with each turn, each in a step of its own, as calls end. */
function storing(store: Store, from: number): () => Promise<void> {
  let n = from;
  return async () => {
    for (const end = n + STORED; n < end; n += TOGETHER) {
      // Those that arrive together are committed together, as on a busy server.
      const first = n;
      const steps = Array.from({ length: TOGETHER }, (_, i) =>
        stepOf({ records: [recordOf(first + i)] }),
      );
      await Promise.all(steps.map((step) => store.commit(step)));
    }
  };
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
