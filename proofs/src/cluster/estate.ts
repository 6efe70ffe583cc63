import { freePort } from '@ringline/testkit/free-port';
import { NatsServer } from '@ringline/testkit/nats';
import { PostgresServer } from '@ringline/testkit/postgres';
import type { SeededRandomness } from '@ringline/testkit';
import { setTimeout as pass } from 'node:timers/promises';
import { ServerProcess } from '../server-process.ts';
import type { Settings } from '../server-process.ts';
import { leastConnected } from './balancing.ts';
import { TcpProxy } from './tcp-proxy.ts';
import type { Target } from './tcp-proxy.ts';

/** The programs that are not ours. */
export interface Programs {
  /** The folder of `postgres`. */
  readonly postgres: string;
  /** The path of `nats-server`. */
  readonly nats: string;
}

/** What breaks it for good, so that the proof can be seen to fail; `deaf` does so once, and for a while. */
export const BREAKS = ['bus', 'deaf', 'records'] as const;
export type Break = (typeof BREAKS)[number];

/** What it is built of. */
export interface EstateParts {
  readonly programs: Programs;
  readonly nodes: number;
  readonly settings: Settings;
  readonly randomness: SeededRandomness;
  readonly breaks: Break | undefined;
}

/** How often the balancer asks each node whether it serves, and how long it waits for the answer. */
const LOOK_MS = 250;
const LOOK_TIMEOUT_MS = 1_000;
/** Nodes that are deaf hear nothing of each other for so long: two heartbeats. */
const DEAF_MS = 30_000;
/** By which proxies know PostgreSQL and NATS. */
const STORE = 'store';
const BUS = 'bus';

/** One node, and its networks to PostgreSQL and to NATS. */
export interface ClusterNode extends Target {
  readonly server: ServerProcess;
  readonly toStore: TcpProxy;
  readonly toBus: TcpProxy;
  /** What the balancer believes. */
  isReady: boolean;
}

/** PostgreSQL that syncs what it commits, NATS, nodes, and a balancer in front of them as deploy/caddy ships it; all on loopback. */
export class Estate {
  readonly postgres: PostgresServer;
  readonly nats: NatsServer;
  nodes: readonly ClusterNode[] = [];
  readonly #parts: EstateParts;
  #front: TcpProxy | undefined;
  #made = 0;
  #isOver = false;
  #looking: Promise<void> = Promise.resolve();
  /** Runs while nodes are deaf. */
  #deafness: NodeJS.Timeout | undefined;

  private constructor(parts: EstateParts, postgres: PostgresServer, nats: NatsServer) {
    this.#parts = parts;
    this.postgres = postgres;
    this.nats = nats;
  }

  static async start(parts: EstateParts): Promise<Estate> {
    const { programs } = parts;
    const postgres = await PostgresServer.start({
      programs: programs.postgres,
      isDurable: true,
      port: await freePort(),
    });
    const port = await freePort();
    const nats = await NatsServer.start({ program: programs.nats, port });
    const estate = new Estate(parts, postgres, nats);
    try {
      for (let i = 0; i < parts.nodes; i++)
        estate.nodes = [...estate.nodes, await estate.newNode()];
      estate.#front = await TcpProxy.open(() => estate.#choose());
      estate.#looking = estate.#lookAgain();
      return estate;
    } catch (error) {
      await estate.stop();
      throw error;
    }
  }

  /** The network between the devices and the nodes. */
  get front(): TcpProxy {
    if (!this.#front) throw new Error('The balancer does not listen yet.');
    return this.#front;
  }

  /** Where devices and backends reach any node. */
  get url(): string {
    return `http://127.0.0.1:${this.front.port}`;
  }

  /** Starts one more, of which the balancer does not know yet. */
  async newNode(): Promise<ClusterNode> {
    const { settings, breaks } = this.#parts;
    const name = `node-${++this.#made}`;
    const toStore = await TcpProxy.open(() => ({ name: STORE, port: this.postgres.port }));
    const toBus = await TcpProxy.open(() => ({ name: BUS, port: this.nats.port }));
    if (this.#deafness) toBus.silence(BUS);
    const port = await freePort();
    const server = await ServerProcess.start({
      ...settings,
      PORT: String(port),
      DATABASE_URL: this.postgres.url.replace(`:${this.postgres.port}/`, `:${toStore.port}/`),
      NATS_URL: `nats://127.0.0.1:${toBus.port}`,
      // Nodes that speak of different things on one NATS: each hears itself only.
      ...(breaks === 'bus' && { NATS_PREFIX: name }),
    });
    return { name, port, server, toStore, toBus, isReady: true };
  }

  /** For a while nothing comes from NATS to any node, and nothing goes there; nobody is told. */
  deafen(): void {
    this.#deafness = setTimeout(() => this.#hearAgain(), DEAF_MS);
    for (const { toBus } of this.nodes) toBus.silence(BUS);
  }

  /** Stops one in good order, and forgets it. */
  async retire(node: ClusterNode): Promise<void> {
    await node.server.stop();
    this.nodes = this.nodes.filter((each) => each !== node);
    await Promise.all([node.toStore.close(), node.toBus.close()]);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#hearAgain();
    await this.#looking;
    await this.#front?.close();
    await Promise.all(this.nodes.map((node) => this.retire(node)));
    await this.nats.kill();
    await this.postgres.remove();
  }

  #hearAgain(): void {
    clearTimeout(this.#deafness);
    this.#deafness = undefined;
    for (const { toBus } of this.nodes) toBus.silence();
  }

  #choose(): Target {
    return leastConnected(this.nodes, this.front.targets, this.#parts.randomness);
  }

  async #lookAgain(): Promise<void> {
    while (!this.#isOver) {
      const asked = this.nodes.map(async (node) => (node.isReady = await isReady(node.port)));
      await Promise.all(asked);
      await pass(LOOK_MS);
    }
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal });
    return ok;
  } catch {
    return false;
  }
}
