import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../ask.ts';
import type { LoadService } from '../load.ts';
import type { Recording } from '../recording.ts';
import { SIDES } from '../scenario.ts';
import { recordedCall } from './measure.ts';
import type { ClusterPlan } from './measure.ts';
import { Setup } from './setup.ts';
import type { Programs, UseOf, Used } from './setup.ts';

/** What one thing of a kind uses of two nodes together, of PostgreSQL and of NATS. */
export type UsePerThing = Pick<
  Used,
  'nodeMicros' | 'postgresMicros' | 'natsMicros' | 'commits' | 'writes' | 'walBytes' | 'busSent'
>;

/** What nodes do beside carrying calls, and what calls leave behind. */
export interface Beside {
  /** One node in a second, when nobody does anything; taken off all else but calls. */
  readonly idleSecond: UsePerThing;
  readonly login: UsePerThing;
  /** A device whose socket ends without a goodbye. */
  readonly loss: UsePerThing;
  readonly heartbeat: UsePerThing;
  /** A user more that a node watches: the subject, and reading where the user stands. */
  readonly watched: UsePerThing;
  /** Reading where a user stands whom the node watches already. */
  readonly presenceRow: UsePerThing;
  /** A call, and in the same minutes one of which an endpoint is told everything. */
  readonly call: UsePerThing;
  readonly callWithWebhooks: UsePerThing;
  /** What is kept of a call that was told to one endpoint, until that is forgotten. */
  readonly toldBytesPerCall: number;
  /** In tables and indexes of PostgreSQL, of one call for good. */
  readonly keptBytesPerCall: number;
}

/** Of `nats-2`. */
const NODES = 2;
const STARTING_MS = 5_000;
/** Silent pairs of devices: enough that heartbeats meet no limit of a device. */
const SILENT_PAIRS = 500;
/** A long list, under the 512 that a device may watch; some of it is nobody, as in an address book. */
const WATCHED_EACH = 500;
const WATCHING_DEVICES = 120;
/** Two nodes together: about what a million users say to two of fifty. */
const HEARTBEATS_PER_SECOND = 3_000;
const LEAVING = 300;
/** What is written to NATS is read by it within this. */
const SUBJECTS_SETTLE_MS = 1_000;
/** Far from the pairs that call. */
const FIRST_SILENT = 100_000;
const FIRST_NOBODY = 500_000;

/** Tables in which a call leaves rows that nothing deletes, … */
const KEPT = ['calls', 'call_log', 'records', 'messages', 'inbox', 'conversations'];
/** … and those whose rows go after `WEBHOOK_KEEP_DAYS`. */
const TOLD = ['events', 'deliveries'];

/** Measures two nodes over NATS, of which every call crosses, with silent devices beside. */
export async function measureBeside(
  plan: ClusterPlan,
  programs: Programs,
  say: (what: string) => void,
): Promise<Beside> {
  const recording = await recordedCall();
  say('logins, heartbeats, watching and what calls leave behind');
  const setup = await Setup.start('nats-2', recording, programs);
  try {
    const silent = await silentDevices(setup, plan);
    const keptBytesPerCall = await keptPerCall(setup, plan);
    const paced = await setup.callsAtRate(plan.perSecond, plan.paceMs);
    const call = shareOf(paced, paced.calls);
    say('calls of which a webhook is told');
    const told = await withWebhooks(plan, recording, programs);
    return { ...silent, keptBytesPerCall, call, ...told };
  } finally {
    await setup.stop();
  }
}

type OfSilent = 'idleSecond' | 'login' | 'loss' | 'heartbeat' | 'watched' | 'presenceRow';

async function silentDevices(setup: Setup, plan: ClusterPlan): Promise<Pick<Beside, OfSilent>> {
  // What a node does in its first seconds it does once.
  await sleep(STARTING_MS);
  const quiet = await setup.useOf(() => sleep(plan.warmUpMs));
  const idle = shareOf(quiet.used, quiet.ms);
  const alone = ({ used, ms }: UseOf<unknown>, things: number) =>
    shareOf(withoutIdle(used, idle, ms), things);
  const login = await setup.useOf((load) =>
    ask<LoadService, 'arrive'>(load, 'arrive', { from: FIRST_SILENT, count: SILENT_PAIRS }),
  );
  const heartbeat = await setup.useOf((load) =>
    ask<LoadService, 'beat'>(load, 'beat', { perSecond: HEARTBEATS_PER_SECOND, ms: plan.paceMs }),
  );
  const known = { from: FIRST_SILENT, count: SILENT_PAIRS };
  await watch(setup, 0, known, 1);
  const again = await watch(setup, 0, known, 2);
  const rows = WATCHING_DEVICES * WATCHED_EACH;
  const anew = await watch(setup, WATCHING_DEVICES, { from: FIRST_NOBODY, count: rows }, 1);
  const loss = await setup.useOf((load) =>
    ask<LoadService, 'leave'>(load, 'leave', { count: LEAVING }),
  );
  return {
    idleSecond: shareOf(quiet.used, (NODES * quiet.ms) / 1000),
    login: alone(login, SIDES.length * SILENT_PAIRS),
    heartbeat: alone(heartbeat, heartbeat.done.length),
    presenceRow: alone(again, rows),
    watched: alone(anew, rows),
    loss: alone(loss, LEAVING),
  };
}

function watch(
  setup: Setup,
  first: number,
  users: { from: number; count: number },
  seq: number,
): Promise<UseOf<void>> {
  const watching = { first, devices: WATCHING_DEVICES, each: WATCHED_EACH, users, seq };
  const watchAll = (load: ChildProcess) => ask<LoadService, 'watch'>(load, 'watch', watching);
  return setup.useOf(watchAll, SUBJECTS_SETTLE_MS);
}

async function keptPerCall(setup: Setup, plan: ClusterPlan): Promise<number> {
  await setup.connectPairs(plan.pairs);
  // Rows of the first calls, and pages that are begun, are there before it counts.
  await setup.callsInFlight(plan.inFlight, plan.warmUpMs);
  const [bytesBefore = 0, callsBefore = 0] = sizeOf(setup, KEPT);
  await setup.callsInFlight(plan.inFlight, 2 * plan.saturationMs);
  const [bytes = 0, calls = 0] = sizeOf(setup, KEPT);
  return (bytes - bytesBefore) / (calls - callsBefore);
}

/** Bytes of tables with their indexes, and how many calls there were. */
function sizeOf(setup: Setup, tables: readonly string[]): readonly number[] {
  const sizes = tables.map((table) => `pg_total_relation_size('${table}')`).join(' + ');
  return setup.numbersOf(`select ${sizes}, (select count(*) from records)`);
}

async function withWebhooks(
  plan: ClusterPlan,
  recording: Recording,
  programs: Programs,
): Promise<Pick<Beside, 'callWithWebhooks' | 'toldBytesPerCall'>> {
  const receiver = createServer((_, answer) => answer.writeHead(204).end()).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'ringline-bench-'));
  const file = join(folder, 'webhooks.json');
  writeFileSync(file, JSON.stringify([endpointAt(port)]));
  const settings = { WEBHOOKS_FILE: file, OUTBOUND_ALLOW: '127.0.0.0/8' };
  const setup = await Setup.start('nats-2', recording, programs, settings);
  try {
    await setup.connectPairs(plan.pairs);
    await setup.callsAtRate(plan.perSecond, plan.warmUpMs);
    const costs = await setup.callsAtRate(plan.perSecond, plan.paceMs);
    const [bytes = 0, calls = 0] = sizeOf(setup, TOLD);
    return { callWithWebhooks: shareOf(costs, costs.calls), toldBytesPerCall: bytes / calls };
  } finally {
    await setup.stop();
    receiver.close();
    receiver.closeAllConnections();
    rmSync(folder, { recursive: true });
  }
}

function endpointAt(port: number): object {
  const secrets = [`whsec_${Buffer.alloc(32, 1).toString('base64')}`];
  return { id: 'bench', url: `http://127.0.0.1:${port}/`, format: 'standard', secrets };
}

const PARTS = [
  'nodeMicros',
  'postgresMicros',
  'natsMicros',
  'commits',
  'writes',
  'walBytes',
  'busSent',
] as const satisfies readonly (keyof UsePerThing)[];

/** What each of so many things used. */
export function shareOf(used: UsePerThing, things: number): UsePerThing {
  return eachPart((part) => used[part] / things);
}

/** Without what two nodes do anyway, by the millisecond; a difference that chance made negative is none. */
export function withoutIdle(used: UsePerThing, idle: UsePerThing, ms: number): UsePerThing {
  return eachPart((part) => Math.max(0, used[part] - idle[part] * ms));
}

function eachPart(value: (part: keyof UsePerThing) => number): UsePerThing {
  return Object.fromEntries(PARTS.map((part) => [part, value(part)])) as unknown as UsePerThing;
}
