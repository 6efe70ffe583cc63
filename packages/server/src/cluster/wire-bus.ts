import type { UserId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { BusMetrics } from '../observe/metrics.ts';
import type { Randomness } from '../randomness.ts';
import type { Bus, ChannelDelivery, Delivery } from './bus.ts';
import { decodeChannelDelivery, decodeDelivery, encodeDelivery } from './delivery-codec.ts';
import { Listeners } from './listeners.ts';
import { Listening } from './listening.ts';
import { GAP_TOPIC, topicOf } from './topics.ts';
import type { Topic, TopicKind } from './topics.ts';
import type { Wire, WireConnection } from './wire.ts';

/** A lost connection is tried again after this, so that a service which restarts is back within a second of its own; twice as long each time … */
export const FIRST_RETRY_MS = 100;
/** … up to here: sooner than the heartbeats of devices. All waits are shortened by up to half at random, so that nodes do not come all at once. */
export const MAX_RETRY_MS = 2_000;

/** What is dropped within this is told to the others as one gap: a service that is too slow must not be told of each. */
export const GAP_PAUSE_MS = 1_000;

/** What a bus over a wire is made of. */
export interface WireBusParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: BusMetrics;
  readonly randomness: Randomness;
}

/**
 * A bus between nodes. This node's own listeners hear at once; the others over the wire, which is connected again by
 * itself whenever it is lost. Meanwhile nothing is kept for it: whoever may have missed something is told to look again.
 */
export class WireBus implements Bus {
  readonly #wire: Wire;
  readonly #parts: WireBusParts;
  readonly #deliveries: Listeners<Delivery>;
  readonly #moves: Listeners<UserId>;
  readonly #channels: Listeners<ChannelDelivery>;
  readonly #gaps = new Set<() => void>();
  /** How to pass on what comes for each topic that somebody here listens to, and how many do. */
  readonly #topics = new Map<Topic, { count: number; readonly pass: (text: string) => void }>();
  readonly #listening: Listening;
  #connection: WireConnection | undefined;
  /** Something was not said to the other nodes, and they do not know. */
  #owesGap = false;
  #gapTimer: Timer | undefined;
  #attempts = 0;
  #retry: Timer | undefined;
  #connecting: Promise<void> | undefined;
  #isClosed = false;

  constructor(wire: Wire, parts: WireBusParts) {
    this.#wire = wire;
    this.#parts = parts;
    this.#deliveries = new Listeners(parts.log, 'user');
    this.#moves = new Listeners(parts.log, 'user');
    this.#channels = new Listeners(parts.log, 'channel');
    this.#listening = new Listening({
      clock: parts.clock,
      late: (connection) => this.#tellOfGapOn(connection),
    });
  }

  /** Whether it reaches the other nodes at the moment. */
  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** Connects, and goes on trying if it cannot; resolves after the first attempt. */
  async start(): Promise<void> {
    this.#connecting ??= this.#connect();
    await this.#connecting;
  }

  publish(delivery: Delivery): void {
    this.#deliveries.tell(delivery.to, delivery);
    this.#send(topicOf('u', delivery.to), () => encodeDelivery(delivery));
  }

  subscribe(user: UserId, hear: (delivery: Delivery) => void): () => void {
    const remove = this.#deliveries.add(user, hear);
    return this.#listen('u', user, remove, (text) => {
      const delivery = decodeDelivery(text);
      if (delivery?.to === user) this.#deliveries.tell(user, delivery);
      else this.#parts.metrics.busCarried('malformed');
    });
  }

  publishMove(user: UserId): void {
    this.#moves.tell(user, user);
    this.#send(topicOf('m', user), () => '');
  }

  watch(user: UserId, hear: () => void): () => void {
    const remove = this.#moves.add(user, hear);
    return this.#listen('m', user, remove, () => this.#moves.tell(user, user));
  }

  publishToChannel(channel: string, delivery: ChannelDelivery): void {
    this.#channels.tell(channel, delivery);
    this.#send(topicOf('c', channel), () => encodeDelivery(delivery));
  }

  subscribeToChannel(channel: string, hear: (delivery: ChannelDelivery) => void): () => void {
    const remove = this.#channels.add(channel, hear);
    return this.#listen('c', channel, remove, (text) => {
      const delivery = decodeChannelDelivery(text);
      if (delivery) this.#channels.tell(channel, delivery);
      else this.#parts.metrics.busCarried('malformed');
    });
  }

  async listening(): Promise<void> {
    if (this.#connection) await this.#listening.until(this.#connection);
  }

  onGap(hear: () => void): () => void {
    // A function of its own: one who listens twice hears twice.
    const own = () => hear();
    this.#gaps.add(own);
    return () => void this.#gaps.delete(own);
  }

  publishGap(): void {
    this.#tellOfGap();
    this.#owesGap = true;
    if (this.#connection) this.#tellOthersOfGap();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#gapTimer?.cancel();
    this.#deliveries.clear();
    this.#moves.clear();
    this.#channels.clear();
    this.#gaps.clear();
    this.#topics.clear();
    this.#listening.lost();
    await this.#connecting;
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  /** Adds one who hears the topic; the returned function takes it away, once. */
  #listen(
    kind: TopicKind,
    name: string,
    remove: () => void,
    pass: (text: string) => void,
  ): () => void {
    const topic = topicOf(kind, name);
    const known = this.#topics.get(topic);
    if (known) known.count++;
    else {
      this.#topics.set(topic, { count: 1, pass });
      this.#connection?.listen(topic);
      this.#listening.note();
    }
    let isOn = true;
    return () => {
      remove();
      if (isOn) this.#unlisten(topic);
      isOn = false;
    };
  }

  #unlisten(topic: Topic): void {
    const listened = this.#topics.get(topic);
    if (!listened || --listened.count > 0) return;
    this.#topics.delete(topic);
    this.#connection?.unlisten(topic);
  }

  #send(topic: Topic, textOf: () => string): void {
    const isSent = this.#connection?.send(topic, textOf()) ?? false;
    this.#parts.metrics.busCarried(isSent ? 'sent' : 'dropped');
    if (!isSent) this.#oweGap();
  }

  /** The others are told once it is over, or at the latest with the next connection. */
  #oweGap(): void {
    const { clock, log } = this.#parts;
    const isNews = !this.#owesGap;
    this.#owesGap = true;
    if (!this.#connection) return;
    if (isNews) log.warn({ bus: this.#wire.name }, 'the bus is slow: it loses deliveries');
    this.#gapTimer ??= clock.after(GAP_PAUSE_MS, () => {
      this.#gapTimer = undefined;
      if (this.#owesGap) this.#tellOthersOfGap();
    });
  }

  #tellOthersOfGap(): void {
    this.#owesGap = false;
    if (!this.#connection?.send(GAP_TOPIC, '')) this.#oweGap();
  }

  #heard(topic: Topic, text: string): void {
    if (topic === GAP_TOPIC) return this.#tellOfGap();
    const listened = this.#topics.get(topic);
    if (!listened) return;
    this.#parts.metrics.busCarried('heard');
    listened.pass(text);
  }

  #tellOfGap(): void {
    this.#parts.metrics.busGap();
    for (const hear of this.#gaps) {
      try {
        hear();
      } catch (error) {
        this.#parts.log.error({ err: error }, 'looking again after a gap met a defect');
      }
    }
  }

  async #connect(): Promise<void> {
    const { log, metrics } = this.#parts;
    // A connection may be lost before it is handed over.
    let lost: { readonly why: unknown } | undefined;
    try {
      const connection = await this.#wire.connect({
        heard: (topic, text) => {
          if (!lost && !this.#isClosed) this.#heard(topic, text);
        },
        lost: (why) => {
          if (lost) return;
          lost = { why };
          if (this.#connection) this.#lose(why);
        },
      });
      if (this.#isClosed) return await connection.close();
      if (isSet(lost)) throw lost.why;
      this.#connection = connection;
    } catch (error) {
      return this.#tryLater(error);
    }
    log.info({ bus: this.#wire.name }, 'the bus to the other nodes is connected');
    metrics.busConnected(true);
    this.#begin(this.#connection);
  }

  #begin(connection: WireConnection): void {
    const isFirst = this.#attempts === 0 && !this.#owesGap;
    this.#attempts = 0;
    for (const topic of this.#topics.keys()) connection.listen(topic);
    this.#listening.note();
    if (this.#owesGap) this.#tellOthersOfGap();
    // Before the first connection nobody here listened yet, unless it took more than one attempt.
    if (isFirst && this.#topics.size === 0) return;
    // Before the service listens more is lost for the same reason.
    void this.#listening.until(connection).then(() => this.#tellOfGapOn(connection));
  }

  /** Unless the connection was lost meanwhile: with the next one it is told. */
  #tellOfGapOn(connection: WireConnection): void {
    if (this.#connection === connection) this.#tellOfGap();
  }

  #lose(why: unknown): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#listening.lost();
    this.#gapTimer?.cancel();
    this.#gapTimer = undefined;
    this.#parts.metrics.busConnected(false);
    // What it still held for others may not have gone out.
    this.#owesGap = true;
    connection?.close().catch(() => undefined);
    this.#tryLater(why);
  }

  #tryLater(why: unknown): void {
    if (this.#isClosed) return;
    const { clock, log, randomness } = this.#parts;
    if (this.#attempts === 0) {
      const text =
        'the bus to the other nodes is away: what they say is late until it is back; trying again';
      log.error({ err: why, bus: this.#wire.name }, text);
    }
    const longest = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts);
    this.#attempts++;
    const part = 0.5 + (randomness.bytes(1)[0] ?? 0) / 512;
    this.#retry = clock.after(longest * part, () => {
      this.#connecting = this.#connect();
    });
  }
}

/** The compiler does not see what callbacks set. */
function isSet<T>(value: T | undefined): value is T {
  return value !== undefined;
}
