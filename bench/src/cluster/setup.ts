import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NatsServer } from '@ringline/testkit/nats';
import { PostgresServer } from '@ringline/testkit/postgres';
import { ask } from '../ask.ts';
import type { LoadService } from '../load.ts';
import { counted, startFloor, startServer, stepsOf } from '../measured.ts';
import type { Measured } from '../measured.ts';
import type { Recording } from '../recording.ts';
import type { Ran } from '../run.ts';
import { loadOn } from '../subject.ts';
import { useOfTree } from './process-tree.ts';

/** What is compared, the floor first; with two nodes every call crosses from one to the other. */
export const SETUPS = ['floor', 'sqlite', 'notify-1', 'nats-1', 'notify-2', 'nats-2'] as const;
export type SetupName = (typeof SETUPS)[number];

/** Programs of this machine. */
export interface Programs {
  readonly postgres: string;
  readonly nats: string;
}

/** What a setup has used so far, or for some work. */
export interface Used {
  /** Of all nodes; of the relay on the floor. */
  readonly nodeMicros: number;
  readonly postgresMicros: number;
  readonly natsMicros: number;
  /** What NATS has read: deliveries with their subjects, once each. */
  readonly natsBytes: number;
  readonly commits: number;
  /** Those of the commits that wrote: each has a number of its own. */
  readonly writes: number;
  readonly walBytes: number;
  readonly steps: number;
  /** Steps that were decided again. */
  readonly races: number;
  readonly busSent: number;
}
export type UsedPart = keyof Used;

/** Calls that were made, and what they cost each kind of process. */
export interface ClusterCosts extends Ran, Used {
  /** Of calls within one of two nodes, made at the same time: what crossing adds is told apart from all else by them. */
  readonly localRingsMs: readonly number[];
}

/** What some work gave, what it used, and how long that was looked at. */
export interface UseOf<T> {
  readonly done: T;
  readonly used: Used;
  readonly ms: number;
}

/** Acknowledgements are not answered: they get this long to be done. */
const SETTLE_MS = 100;
/** What another node or device did meanwhile is found out by the commit. */
const RACES_LOST = /^ringline_races_lost_total (\d+)/m;
const BUS_SENT = /^ringline_bus_deliveries_total\{outcome="sent"\} (\d+)/m;

/** A floor or a cluster that is measured, and the process that makes load on it. */
export class Setup {
  readonly name: SetupName;
  readonly #nodes: readonly Measured[];
  readonly #postgres: PostgresServer | undefined;
  readonly #nats: NatsServer | undefined;
  readonly #load: ChildProcess;
  /** Makes calls within the first of two nodes. */
  readonly #localLoad: ChildProcess | undefined;
  readonly #programs: Programs;

  private constructor(
    name: SetupName,
    parts: { nodes: readonly Measured[]; postgres?: PostgresServer; nats?: NatsServer },
    loads: readonly [ChildProcess, ChildProcess | undefined],
    programs: Programs,
  ) {
    this.name = name;
    this.#nodes = parts.nodes;
    this.#postgres = parts.postgres;
    this.#nats = parts.nats;
    [this.#load, this.#localLoad] = loads;
    this.#programs = programs;
  }

  /** Starts it; `more` are settings of its nodes beside those of their store and bus. */
  static async start(
    name: SetupName,
    recording: Recording,
    programs: Programs,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Setup> {
    const postgres = /^(notify|nats)/.test(name)
      ? await PostgresServer.start({ programs: programs.postgres, isDurable: true })
      : undefined;
    const nats = name.startsWith('nats')
      ? await NatsServer.start({ program: programs.nats })
      : undefined;
    const settings = {
      ...more,
      ...(postgres && { DATABASE_URL: postgres.url }),
      ...(nats && { NATS_URL: `nats://${nats.address}` }),
    };
    const nodes =
      name === 'floor' ? [await startFloor(recording)] : [await startServer([], settings)];
    if (name.endsWith('-2')) nodes.push(await startServer([], settings));
    const kind = name === 'floor' ? 'floor' : 'server';
    const urls = nodes.map(({ url }) => url);
    const load = await loadOn(kind, urls, recording);
    const local = urls.length > 1 ? await loadOn(kind, urls.slice(0, 1), recording) : undefined;
    const parts = { nodes, ...(postgres && { postgres }), ...(nats && { nats }) };
    return new Setup(name, parts, [load, local], programs);
  }

  async connectPairs(count: number): Promise<void> {
    await ask<LoadService, 'connectPairs'>(this.#load, 'connectPairs', { from: 0, count });
    if (!this.#localLoad) return;
    const more = { from: count, count };
    await ask<LoadService, 'connectPairs'>(this.#localLoad, 'connectPairs', more);
  }

  callsInFlight(inFlight: number, ms: number): Promise<ClusterCosts> {
    return this.#costsOf(() =>
      ask<LoadService, 'callsInFlight'>(this.#load, 'callsInFlight', { inFlight, ms }),
    );
  }

  /** With two nodes every second call stays within the first. */
  callsAtRate(perSecond: number, ms: number): Promise<ClusterCosts> {
    const local = this.#localLoad;
    const rate = local ? perSecond / 2 : perSecond;
    const on = (load: ChildProcess) =>
      ask<LoadService, 'callsAtRate'>(load, 'callsAtRate', { perSecond: rate, ms });
    return this.#costsOf(async () => {
      const [ran, within] = await Promise.all([on(this.#load), local && on(local)]);
      if (!within) return ran;
      return { ...ran, calls: ran.calls + within.calls, localRingsMs: within.ringsMs };
    });
  }

  /** Ends the load first, then what carried it. */
  async stop(): Promise<void> {
    this.#load.kill();
    this.#localLoad?.kill();
    for (const node of this.#nodes) await node.stop();
    await this.#nats?.kill();
    await this.#postgres?.remove();
  }

  async #costsOf(
    run: () => Promise<Ran & { localRingsMs?: readonly number[] }>,
  ): Promise<ClusterCosts> {
    const { done, used } = await this.useOf(run);
    return { localRingsMs: [], ...done, ...used };
  }

  /** Asks the load for some work; what it says, and what all parts used until that has settled. */
  async useOf<T>(
    work: (load: ChildProcess) => Promise<T>,
    settleMs = SETTLE_MS,
  ): Promise<UseOf<T>> {
    const begun = performance.now();
    const before = await this.#used();
    const done = await work(this.#load);
    await sleep(settleMs);
    const used = differenceOf(await this.#used(), before);
    return { done, used, ms: performance.now() - begun };
  }

  async #used(): Promise<Used> {
    const nodes = this.#nodes.map(({ child }) => useOfTree(child.pid ?? 0).cpuMicros);
    const nats = useOfTree(this.#nats?.pid ?? -1);
    const [commits = 0, writes = 0, walBytes = 0] = this.#countedByPostgres();
    return {
      nodeMicros: nodes.reduce((sum, micros) => sum + micros, 0),
      postgresMicros: useOfTree(this.#postgres?.pid ?? -1).cpuMicros,
      natsMicros: nats.cpuMicros,
      natsBytes: nats.readBytes,
      commits,
      writes,
      walBytes,
      steps: await this.#sumOverServers(stepsOf),
      races: await this.#sumOverServers((node) => counted(node, RACES_LOST)),
      busSent: await this.#sumOverServers((node) => counted(node, BUS_SENT)),
    };
  }

  async #sumOverServers(count: (node: Measured) => Promise<number>): Promise<number> {
    let sum = 0;
    for (const node of this.#nodes) if (node.kind === 'server') sum += await count(node);
    return sum;
  }

  /** Transactions, those that wrote, and bytes of the write-ahead log. */
  #countedByPostgres(): readonly number[] {
    return this.numbersOf(`select xact_commit, pg_snapshot_xmax(pg_current_snapshot()),
      pg_current_wal_lsn() - '0/0'::pg_lsn
      from pg_stat_database where datname = current_database()`);
  }

  /** The numbers in the only row that PostgreSQL answers with; none where there is no PostgreSQL. */
  numbersOf(question: string): readonly number[] {
    if (!this.#postgres) return [];
    const psql = join(this.#programs.postgres, 'psql');
    const answer = execFileSync(psql, ['-XAtF', ' ', '-c', question, this.#postgres.url]);
    return answer.toString().trim().split(' ').map(Number);
  }
}

const USED_PARTS: readonly UsedPart[] = [
  'nodeMicros',
  'postgresMicros',
  'natsMicros',
  'natsBytes',
  'commits',
  'writes',
  'walBytes',
  'steps',
  'races',
  'busSent',
];

function differenceOf(after: Used, before: Used): Used {
  const entries = USED_PARTS.map((part) => [part, after[part] - before[part]]);
  return Object.fromEntries(entries) as Used;
}
