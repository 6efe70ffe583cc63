import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../ask.ts';
import { columns } from '../columns.ts';
import type { LoadService } from '../load.ts';
import { median, percentile } from '../statistics.ts';
import { shareOf, withoutIdle } from './beside.ts';
import type { UsePerThing } from './beside.ts';
import { recordedCall } from './measure.ts';
import { Setup } from './setup.ts';
import type { Programs, UseOf } from './setup.ts';

/** At one node; the last is that of 20,000 connections. */
const RATES = [100, 400, 1_333] as const;
type Rate = (typeof RATES)[number];

/** Of `nats-2`. */
const NODES = 2;
const ROUNDS = 5;
const WARM_UP_MS = 3_000;
const BEATING_MS = 5_000;
/** Enough that heartbeats meet no limit of a device. */
const SILENT_PAIRS = 500;

/** What one heartbeat used, and how soon it was answered. */
interface Beat {
  readonly used: UsePerThing;
  readonly answersMs: readonly number[];
}

/** Measures heartbeats alone at two nodes over NATS, all rates in turns, and tells it as a table for a terminal. */
export async function heartbeatTable(
  programs: Programs,
  say: (what: string) => void,
): Promise<string> {
  const setup = await Setup.start('nats-2', await recordedCall(), programs);
  try {
    const silent = { from: 0, count: SILENT_PAIRS };
    await setup.useOf((load) => ask<LoadService, 'connectIdle'>(load, 'connectIdle', silent));
    await beating(setup, RATES[2], WARM_UP_MS);
    const found = new Map<Rate, Beat[]>(RATES.map((rate) => [rate, []]));
    for (let round = 1; round <= ROUNDS; round++) {
      say(`round ${round} of ${ROUNDS}`);
      const quiet = await setup.useOf(() => sleep(BEATING_MS));
      const idle = shareOf(quiet.used, quiet.ms);
      for (const rate of RATES) {
        const { done: answersMs, used, ms } = await beating(setup, rate, BEATING_MS);
        const share = shareOf(withoutIdle(used, idle, ms), answersMs.length);
        found.get(rate)?.push({ used: share, answersMs });
      }
    }
    return tableOf(found);
  } finally {
    await setup.stop();
  }
}

function beating(setup: Setup, rate: Rate, ms: number): Promise<UseOf<readonly number[]>> {
  return setup.useOf((load) =>
    ask<LoadService, 'beat'>(load, 'beat', { perSecond: NODES * rate, ms }),
  );
}

/** Medians over rounds, times over all heartbeats. */
function tableOf(found: ReadonlyMap<Rate, readonly Beat[]>): string {
  const beats = RATES.map((rate) => found.get(rate) ?? []);
  const used = (part: keyof UsePerThing, digits = 0) =>
    beats.map((runs) => median(runs.map((run) => run.used[part])).toFixed(digits));
  const answered = (part: number) =>
    beats.map((runs) =>
      percentile(
        runs.flatMap(({ answersMs }) => answersMs),
        part,
      ).toFixed(1),
    );
  const rows = [
    ['heartbeats a second of each node', ...RATES.map(String)],
    ['CPU per heartbeat: nodes, µs', ...used('nodeMicros')],
    ['CPU per heartbeat: PostgreSQL, µs', ...used('postgresMicros')],
    ['transactions per heartbeat', ...used('commits', 2)],
    ['answered, median, ms', ...answered(0.5)],
    ['answered, p99, ms', ...answered(0.99)],
  ];
  return columns(
    rows,
    RATES.map((_, place) => place + 1),
  );
}
