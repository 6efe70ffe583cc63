import { ServerCluster } from './server-cluster.ts';
import { ServerProcess } from './server-process.ts';
import type { Settings } from './server-process.ts';

/** What tests start, kill and stop as the server: one process, or several behind one address. */
export interface Server {
  /** Where devices and backends reach it, as in `http://127.0.0.1:34567`; the same after a restart. */
  readonly url: string;
  /** Where each of its processes answers by itself. */
  readonly addresses: readonly string[];
  /** What it has logged so far. */
  readonly log: string;
  /** Kills all of it as a power cut does (`kill -9`). */
  kill(): Promise<void>;
  /** Starts again at the same address, on the same data. */
  restart(): Promise<void>;
  /** Stops it in good order and removes its data. */
  stop(): Promise<void>;
}

/** How many nodes `RINGLINE_CLUSTER` may ask for: fewer are no cluster, and more than these keep a machine busy by starting. */
export const NODES = { min: 2, max: 9 } as const;

/** Starts one process, or as many nodes as the variable `RINGLINE_CLUSTER` says, over PostgreSQL and NATS. */
export async function startServer(settings: Settings = {}): Promise<Server> {
  const nodes = nodesWanted(process.env['RINGLINE_CLUSTER']);
  return nodes === undefined
    ? ServerProcess.start(settings)
    : ServerCluster.start({ nodes, settings });
}

/** Throws when it is not such a number. */
export function nodesWanted(text = ''): number | undefined {
  if (text === '') return undefined;
  const nodes = Number(text);
  if (Number.isInteger(nodes) && nodes >= NODES.min && nodes <= NODES.max) return nodes;
  throw new Error(
    `RINGLINE_CLUSTER is “${text}”; it is how many nodes tests run on, ${NODES.min} to ${NODES.max}.`,
  );
}
