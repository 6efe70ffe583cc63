import { SeededRandomness, VirtualClock } from '@ringline/testkit';
import type { Authenticator, Verdict } from '../../src/auth/authenticator.ts';
import type { CallPolicy } from '../../src/calls/call-policy.ts';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';
import type { MachineClock } from '../../src/clock.ts';
import type { Bus } from '../../src/cluster/bus.ts';
import { InProcessBus } from '../../src/cluster/in-process-bus.ts';
import type { Retention } from '../../src/inbox/retention.ts';
import type { IceServersOf } from '../../src/ice/ice-servers.ts';
import { NO_ICE_SERVERS } from '../../src/ice/ice-servers.ts';
import { RinglineNode } from '../../src/node.ts';
import type { Surroundings } from '../../src/node.ts';
import type { Voice } from '../../src/prompts/voice.ts';
import type { CallRetentionLimits } from '../../src/records/call-retention.ts';
import type { DeviceRetentionLimits } from '../../src/registrar/device-retention.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Store } from '../../src/store/store.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { CountedMetrics } from './quiet.ts';
import { RealWorld, isReal } from './real-world.ts';
import { TestDevice } from './test-device.ts';

/** Tokens of tests: `alice`, `alice without hold`, or `alice until 1700000000000`; anything with a space at its end is forged. */
export class PlainAuthenticator implements Authenticator {
  readonly #clock: VirtualClock;
  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }
  verify(token: string): Promise<Verdict> {
    const [claims = '', until] = token.split(' until ');
    const [user, denied] = claims.split(' without ');
    if (!user || token.endsWith(' ')) return Promise.resolve({ kind: 'forged', why: 'not a name' });
    const expiresAt = until === undefined ? null : Number(until);
    const kind = expiresAt !== null && expiresAt <= this.#clock.now() ? 'expired' : 'valid';
    const policy = denied === undefined ? {} : { [denied]: false };
    return Promise.resolve({ kind, identity: { peer: { user }, policy, expiresAt } });
  }
}

export interface TestClusterOptions {
  readonly store?: Store;
  readonly clock?: VirtualClock;
  readonly iceServers?: IceServersOf;
  readonly policy?: CallPolicy;
  readonly retention?: Retention;
  readonly callRetention?: CallRetentionLimits;
  readonly deviceRetention?: DeviceRetentionLimits;
  readonly preCall?: NonNullable<Surroundings['preCall']>;
  readonly voice?: Voice;
  readonly hasRingback?: boolean;
  readonly webhooks?: NonNullable<Surroundings['webhooks']>;
}

/** How one node starts; its clock is the cluster's unless it is to die or sleep on its own. */
export interface NodeOptions {
  readonly ownsStore?: boolean;
  readonly clock?: MachineClock;
  /** Instead of the one that all nodes share. */
  readonly bus?: Bus;
  /** As this node meets it; the cluster's unless it is to fail for this one. */
  readonly store?: Store;
  /** Of this node alone. */
  readonly voice?: Voice;
  /** The test is about what one node does by itself: it has no twin. */
  readonly isAlone?: boolean;
}

/**
 * Nodes over one store and one bus, under one virtual clock. Where tests run over PostgreSQL and NATS each node
 * has a twin: users take turns between the two, so that those of a call are on different nodes. A node with
 * anything of its own, or that owns its store, stays alone, and a store that the test brings is taken.
 */
export class TestCluster {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly log = new MemoryLog();
  readonly bus: InProcessBus;
  readonly metrics = new CountedMetrics();
  readonly randomness = new SeededRandomness('server tests');
  readonly #real: RealWorld | undefined;
  readonly #twins = new Map<RinglineNode, RinglineNode>();
  /** In the order in which they came. */
  readonly #users: string[] = [];
  readonly #iceServers: IceServersOf;
  readonly #policy: CallPolicy;
  readonly #more: Pick<
    TestClusterOptions,
    | 'preCall'
    | 'voice'
    | 'hasRingback'
    | 'webhooks'
    | 'retention'
    | 'callRetention'
    | 'deviceRetention'
  >;

  constructor({
    clock = new VirtualClock(),
    store,
    iceServers = NO_ICE_SERVERS,
    policy = PERMISSIVE,
    ...more
  }: TestClusterOptions = {}) {
    this.clock = clock;
    this.#real = isReal ? new RealWorld(clock, this.log) : undefined;
    this.bus = this.#real?.bus ?? new InProcessBus(this.log);
    this.store = store ?? this.#real?.store ?? new MemoryStore();
    this.#iceServers = iceServers;
    this.#policy = policy;
    this.#more = more;
  }

  /** A node that has started. */
  async node(options: NodeOptions = {}): Promise<RinglineNode> {
    const node = await this.#started(options);
    const { isAlone = false, ownsStore = false, ...own } = options;
    const hasTwin = !isAlone && !ownsStore && Object.keys(own).length === 0;
    if (this.#real && hasTwin) this.#twins.set(node, await this.#started(options));
    return node;
  }

  /** Stops a node in good order, and its twin. */
  async stop(node: RinglineNode): Promise<void> {
    const twin = this.#twins.get(node);
    const nodes = twin ? [node, twin] : [node];
    await this.clock.untilSettled(Promise.all(nodes.map((each) => each.stop())));
  }

  async #started({
    ownsStore = false,
    clock,
    bus,
    store = this.store,
    voice,
  }: NodeOptions): Promise<RinglineNode> {
    if (this.#real?.store === store) await this.#real.open();
    const { log, metrics, randomness } = this;
    const authenticator = new PlainAuthenticator(this.clock);
    const node = new RinglineNode({
      authenticator,
      bus: bus ?? (await this.#real?.wire()) ?? this.bus,
      clock: clock ?? this.clock,
      iceServers: this.#iceServers,
      log,
      metrics,
      policy: this.#policy,
      randomness,
      store,
      ownsStore,
      ...this.#more,
      ...(voice && { voice }),
    });
    await this.clock.untilSettled(node.start());
    return node;
  }

  /** A connected device that has said nothing. */
  async socket(node: RinglineNode): Promise<TestDevice> {
    const device = new TestDevice(this.clock, (socket) => node.accept(socket));
    await this.clock.advanceAsync(0);
    return device;
  }

  /** A device that has been welcomed. */
  async device(
    node: RinglineNode,
    user: string,
    device: string,
    more: object = {},
  ): Promise<TestDevice> {
    const connected = await this.socket(this.#nodeFor(user, node));
    connected.hello(user, device, more);
    await this.settle();
    return connected;
  }

  /** The node itself, or its twin for every other user. */
  #nodeFor(user: string, node: RinglineNode): RinglineNode {
    if (!this.#users.includes(user)) this.#users.push(user);
    return this.#users.indexOf(user) % 2 === 1 ? (this.#twins.get(node) ?? node) : node;
  }

  /** Lets everything that is under way arrive. */
  async settle(): Promise<void> {
    await this.clock.advanceAsync(5);
  }
}
