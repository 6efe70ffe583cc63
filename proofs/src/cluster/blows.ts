import { setTimeout as pass } from 'node:timers/promises';
import type { SeededRandomness } from '@ringline/testkit';
import type { PostgresStop } from '@ringline/testkit/postgres';
import type { ClusterNode, Estate } from './estate.ts';

/** What befalls the cluster. */
export const BLOWS = [
  'a node killed',
  'two nodes killed',
  'a node drained and replaced',
  'NATS killed',
  'PostgreSQL restarted (fast)',
  'PostgreSQL restarted (immediate)',
  'all of them killed',
  'devices cut off a node',
  'devices and a node silent',
  'devices slow',
  'a node cut off PostgreSQL',
  'a node cut off PostgreSQL past its lease',
  'a node cut off PostgreSQL for long',
  'a node slow to PostgreSQL',
  'a node cut off NATS',
  'a node slow to NATS',
] as const;
export type BlowName = (typeof BLOWS)[number];

/** Blows that last: dealt once, and the cluster has to get over them while they last. */
export const LASTING: ReadonlySet<BlowName> = new Set(['a node cut off PostgreSQL for long']);

/** Something is away, or its network bad, for so many milliseconds, at random. */
export interface Spans {
  readonly away: { readonly min: number; readonly max: number };
  /** A network that says nothing for so long is noticed by pings only. */
  readonly silentMs: number;
}

/** A lease lasts ten seconds after it was renewed: then others have counted the node as dead. */
const PAST_LEASE_MS = 12_000;
/** Longer than a lease and a grace together: whatever others do about a node that is dead they have done. */
const FOR_LONG_MS = 60_000;
/** A slow network: to another continent, and to another machine that is overloaded. */
const SLOW_DEVICES_MS = 250;
const SLOW_NODE_MS = 40;

/** Deals blows to a cluster, one at a time, and repairs what it broke. */
export class Blows {
  /** How many processes were ended by `kill -9`. */
  kills = 0;
  readonly #estate: Estate;
  readonly #randomness: SeededRandomness;
  readonly #spans: Spans;
  readonly #deal: Readonly<Record<BlowName, () => Promise<void>>> = {
    'a node killed': () => this.#killNode(this.#node),
    'two nodes killed': () => this.#killTwoNodes(),
    'a node drained and replaced': () => this.#replace(),
    'NATS killed': () => this.#killNats(),
    'PostgreSQL restarted (fast)': () => this.#restartPostgres('fast'),
    'PostgreSQL restarted (immediate)': () => this.#restartPostgres('immediate'),
    'all of them killed': () => this.#killAll(),
    'devices cut off a node': () => this.#cutDevices(),
    'devices and a node silent': () => this.#silence(),
    'devices slow': () => this.#slow(this.#estate.front, SLOW_DEVICES_MS),
    'a node cut off PostgreSQL': () => this.#cutOff(this.#node.toStore, this.#away),
    'a node cut off PostgreSQL past its lease': () =>
      this.#cutOff(this.#node.toStore, PAST_LEASE_MS),
    'a node cut off PostgreSQL for long': () => this.#cutOff(this.#node.toStore, FOR_LONG_MS),
    'a node slow to PostgreSQL': () => this.#slow(this.#node.toStore, SLOW_NODE_MS),
    'a node cut off NATS': () => this.#cutOff(this.#node.toBus, this.#away),
    'a node slow to NATS': () => this.#slow(this.#node.toBus, SLOW_NODE_MS),
  };

  constructor(estate: Estate, randomness: SeededRandomness, spans: Spans) {
    this.#estate = estate;
    this.#randomness = randomness;
    this.#spans = spans;
  }

  /** Resolves when everything runs again. */
  deal(what: BlowName): Promise<void> {
    return this.#deal[what]();
  }

  /** The node of some connection: one that has no devices is hardly ever hit. */
  get #node(): ClusterNode {
    const { front, nodes } = this.#estate;
    const names = nodes.map(({ name }) => name);
    const busy = front.targets.filter((name) => names.includes(name));
    const name = this.#randomness.pick(busy.length > 0 ? busy : names);
    return nodes[names.indexOf(name)] ?? this.#randomness.pick(nodes);
  }

  get #away(): number {
    const { min, max } = this.#spans.away;
    return this.#randomness.integer(min, max);
  }

  async #killTwoNodes(): Promise<void> {
    const first = this.#node;
    const others = this.#estate.nodes.filter((node) => node !== first);
    await Promise.all([first, this.#randomness.pick(others)].map((node) => this.#killNode(node)));
  }

  async #killNode({ server }: ClusterNode): Promise<void> {
    await server.kill();
    this.kills++;
    await pass(this.#away);
    await server.restart();
  }

  /** A new one takes its place first, as a rolling restart does it. */
  async #replace(): Promise<void> {
    const old = this.#node;
    const fresh = await this.#estate.newNode();
    this.#estate.nodes = [...this.#estate.nodes, fresh];
    await this.#estate.retire(old);
  }

  async #killNats(): Promise<void> {
    await this.#estate.nats.kill();
    this.kills++;
    await pass(this.#away);
    await this.#estate.nats.resume();
  }

  async #restartPostgres(how: PostgresStop): Promise<void> {
    await this.#estate.postgres.stop(how);
    await pass(this.#away);
    await this.#estate.postgres.resume();
  }

  /** The machine room has no power: everything is gone at once, and the nodes start last. */
  async #killAll(): Promise<void> {
    const { nodes } = this.#estate;
    const fallen = nodes.map(({ server }) => server.kill());
    await Promise.all([
      ...fallen,
      this.#estate.postgres.stop('immediate'),
      this.#estate.nats.kill(),
    ]);
    this.kills += nodes.length + 1;
    await pass(this.#away);
    await Promise.all([this.#estate.postgres.resume(), this.#estate.nats.resume()]);
    await Promise.all(nodes.map(({ server }) => server.restart()));
  }

  async #cutDevices(): Promise<void> {
    this.#estate.front.cut(this.#node.name);
    await pass(0);
  }

  async #silence(): Promise<void> {
    const { front } = this.#estate;
    front.silence(this.#node.name);
    await pass(this.#spans.silentMs);
    front.silence();
  }

  async #slow(network: ClusterNode['toStore'], ms: number): Promise<void> {
    network.delayMs = ms;
    await pass(this.#away);
    network.delayMs = 0;
  }

  async #cutOff(network: ClusterNode['toStore'], awayMs: number): Promise<void> {
    network.isGone = true;
    network.cut();
    await pass(awayMs);
    network.isGone = false;
  }
}
