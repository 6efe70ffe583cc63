import { NatsServer, findNats } from '@ringline/testkit/nats';
import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { Balancer } from './balancer.ts';
import type { Server } from './server.ts';
import { ServerProcess } from './server-process.ts';
import type { Settings } from './server-process.ts';

/** How a cluster is made. */
export interface ClusterOptions {
  readonly nodes: number;
  /** Of each node, beside where its store and its bus are. */
  readonly settings: Settings;
}

/** What was started, the last first to stop. */
type Stops = (() => unknown)[];

/**
 * Several nodes over a PostgreSQL and a NATS of their own, behind one address. To be killed and
 * restarted means all nodes at once, so that a test tells of it what it tells of one process;
 * PostgreSQL and NATS stay up. Single nodes are killed by `nodes`.
 */
export class ServerCluster implements Server {
  readonly nodes: readonly ServerProcess[];
  readonly #balancer: Balancer;
  readonly #stops: Stops;

  private constructor(nodes: readonly ServerProcess[], balancer: Balancer, stops: Stops) {
    this.nodes = nodes;
    this.#balancer = balancer;
    this.#stops = stops;
  }

  /** Starts everything; throws, saying what to install, when a program is missing. */
  static async start({ nodes: count, settings }: ClusterOptions): Promise<ServerCluster> {
    const stops: Stops = [];
    try {
      const where = await startShared(stops);
      const nodes = await Promise.all(
        Array.from({ length: count }, async () => {
          const node = await ServerProcess.start({ ...settings, ...where });
          stops.push(() => node.stop());
          return node;
        }),
      );
      const balancer = await Balancer.open(nodes.map(({ url }) => Number(new URL(url).port)));
      stops.push(() => balancer.close());
      return new ServerCluster(nodes, balancer, stops);
    } catch (error) {
      await stopAll(stops);
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#balancer.port}`;
  }

  get addresses(): readonly string[] {
    return this.nodes.map(({ url }) => url);
  }

  get log(): string {
    return this.nodes.map(({ log }) => log).join('');
  }

  /** How many devices each node has, in their order. */
  get devices(): readonly number[] {
    return this.#balancer.devices;
  }

  /** The node that got the newest device; throws when there was none. */
  get newest(): ServerProcess {
    const node = this.nodes[this.#balancer.newest ?? -1];
    if (node === undefined) throw new Error('No device has connected yet.');
    return node;
  }

  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  async restart(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.restart()));
  }

  async stop(): Promise<void> {
    await stopAll(this.#stops);
  }
}

/** The store and the bus that all nodes share, as settings. */
async function startShared(stops: Stops): Promise<Settings> {
  const [programs, program] = [findPostgres(), findNats()];
  if (programs === undefined) throw new Error('A cluster needs PostgreSQL: install postgresql.');
  if (program === undefined) throw new Error('A cluster needs NATS: install nats-server.');
  const postgres = await PostgresServer.start({ programs, settings: ['max_connections=300'] });
  stops.push(() => postgres.remove());
  const nats = await NatsServer.start({ program });
  stops.push(() => nats.kill());
  return { DATABASE_URL: postgres.url, NATS_URL: `nats://${nats.address}` };
}

async function stopAll(stops: Stops): Promise<void> {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
}
