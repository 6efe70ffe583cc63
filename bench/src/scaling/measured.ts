import type { UsePerThing } from '../cluster/beside.ts';
import { valueIn } from '../cluster/kept.ts';
import type { KeptRun } from '../cluster/kept.ts';

/** “memory per idle connection” of docs/performance.md, KB. */
export const CONNECTION_KILOBYTES = 5.89;
/** Bytes of the frames that a call sends to its two devices, as recorded (a test compares). */
export const BYTES_TO_DEVICES_PER_CALL = 4_800;

/** What one thing of a kind costs: of nodes together, PostgreSQL and NATS. */
export interface Costing {
  readonly nodeMicros: number;
  readonly postgresMicros: number;
  readonly natsMicros: number;
  /** Transactions that write, each with its fsync unless others arrive meanwhile. */
  readonly writes: number;
  /** Transactions that only read; reads of one tick of a node share one. */
  readonly reads: number;
  readonly walBytes: number;
  readonly busMessages: number;
}

/** What `npm run bench:cluster` and `npm run bench` measured. */
export interface Measured {
  /** When each step is committed nearly alone: many nodes with few calls each are that. */
  readonly call: Costing;
  /** What telling one endpoint of a call adds. */
  readonly webhooks: Costing;
  /** One node in a second, whatever else there is. */
  readonly idleSecond: Costing;
  readonly login: Costing;
  readonly loss: Costing;
  readonly heartbeat: Costing;
  /** A subject more at a node, or one less; the reading of presence is not in it. */
  readonly subscription: Costing;
  readonly presenceRow: Costing;
  readonly busBytesPerCall: number;
  readonly bytesToDevicesPerCall: number;
  readonly keptBytesPerCall: number;
  readonly toldBytesPerCall: number;
  readonly connectionBytes: number;
  readonly subjectBytes: { readonly node: number; readonly nats: number };
}

/** What the model takes from a run: two nodes over NATS, few calls at a time. */
export function measuredIn(run: KeptRun): Measured {
  const of = (name: string) => valueIn(run, name, 'nats-2');
  const { beside, subjectBytes } = run;
  const writes = of('transactions that write at 100 a second');
  return {
    call: {
      nodeMicros: of('CPU per call at that rate: nodes, µs'),
      postgresMicros: of('CPU per call at that rate: PostgreSQL, µs'),
      natsMicros: of('NATS at that rate, CPU per call, µs'),
      writes,
      reads: more(of('transactions at 100 a second'), writes),
      walBytes: of('write-ahead log at that rate, bytes'),
      busMessages: of('deliveries given to the bus per call'),
    },
    webhooks: difference(beside.callWithWebhooks, beside.call),
    idleSecond: costingOf(beside.idleSecond),
    login: costingOf(beside.login),
    loss: costingOf(beside.loss),
    heartbeat: costingOf(beside.heartbeat),
    subscription: difference(beside.watched, beside.presenceRow),
    presenceRow: costingOf(beside.presenceRow),
    busBytesPerCall: of('bytes that NATS reads per call'),
    bytesToDevicesPerCall: BYTES_TO_DEVICES_PER_CALL,
    keptBytesPerCall: beside.keptBytesPerCall,
    toldBytesPerCall: beside.toldBytesPerCall,
    connectionBytes: CONNECTION_KILOBYTES * 1024,
    subjectBytes,
  };
}

function costingOf({ commits, writes, busSent, ...use }: UsePerThing): Costing {
  const { nodeMicros, postgresMicros, natsMicros, walBytes } = use;
  const reads = more(commits, writes);
  return { nodeMicros, postgresMicros, natsMicros, writes, reads, walBytes, busMessages: busSent };
}

/** What one costs more than the other. */
function difference(one: UsePerThing, other: UsePerThing): Costing {
  const a = costingOf(one);
  const b = costingOf(other);
  return {
    nodeMicros: more(a.nodeMicros, b.nodeMicros),
    postgresMicros: more(a.postgresMicros, b.postgresMicros),
    natsMicros: more(a.natsMicros, b.natsMicros),
    writes: more(a.writes, b.writes),
    reads: more(a.reads, b.reads),
    walBytes: more(a.walBytes, b.walBytes),
    busMessages: more(a.busMessages, b.busMessages),
  };
}

/** A difference that chance made negative is none. */
function more(one: number, other: number): number {
  return Math.max(0, one - other);
}
