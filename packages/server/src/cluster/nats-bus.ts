import { connect } from '@nats-io/transport-node';
import type {
  Msg,
  NatsConnection,
  NodeConnectionOptions,
  Subscription,
} from '@nats-io/transport-node';
import type { Log } from '../observe/log.ts';
import type { NatsSettings } from './nats-settings.ts';
import { GAP_TOPIC } from './topics.ts';
import type { Topic } from './topics.ts';
import { WireBus } from './wire-bus.ts';
import type { WireBusParts } from './wire-bus.ts';
import { MAX_WAITING_BYTES, WIRE_PROBE_MS, WIRE_TIMEOUT_MS } from './wire.ts';
import type { Wire, WireConnection, WireEvents } from './wire.ts';

/** A server is asked to confirm after so many bytes: by what it has not confirmed is known how much waits for it. */
const CONFIRM_BYTES = 256 * 1024;
/** Pings that may stay unanswered, one each WIRE_PROBE_MS: the second means that the connection hangs. */
const MAX_UNANSWERED_PINGS = 1;
/** What a NATS server takes must be as much as any delivery: four frames of a device, as is usual. */
export const MIN_NATS_PAYLOAD = 512 * 1024;

/** A bus over NATS core: a subject per user, per user that is watched, and per channel. */
export function natsBus(settings: NatsSettings, parts: WireBusParts): WireBus {
  return new WireBus(new NatsWire(settings, parts.log), parts);
}

class NatsWire implements Wire {
  readonly name = 'NATS';
  readonly #settings: NatsSettings;
  readonly #log: Log;

  constructor(settings: NatsSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
  }

  async connect(events: WireEvents): Promise<WireConnection> {
    const nats = await connect(optionsOf(this.#settings));
    const maxPayload = nats.info?.max_payload ?? 0;
    if (maxPayload < MIN_NATS_PAYLOAD) {
      const text = `max_payload of the NATS server is ${maxPayload}: larger deliveries do not reach other nodes; set ${MIN_NATS_PAYLOAD} or more`;
      this.#log.warn({ maxPayload }, text);
    }
    return new NatsConnectionOf(nats, { prefix: this.#settings.prefix, events, log: this.#log });
  }
}

function optionsOf({ servers, user, password, token, tls }: NatsSettings): NodeConnectionOptions {
  return {
    servers: [...servers],
    name: 'ringline',
    timeout: WIRE_TIMEOUT_MS,
    // This node's own listeners have heard already.
    noEcho: true,
    // The client would keep without bound what is published while it is away; the bus connects anew itself.
    reconnect: false,
    pingInterval: WIRE_PROBE_MS,
    maxPingOut: MAX_UNANSWERED_PINGS,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(token !== undefined && { token }),
    ...(tls && { tls: {} }),
  };
}

interface NatsConnectionParts {
  readonly prefix: string;
  readonly events: WireEvents;
  readonly log: Log;
}

class NatsConnectionOf implements WireConnection {
  readonly #nats: NatsConnection;
  readonly #parts: NatsConnectionParts;
  readonly #subscriptions = new Map<Topic, Subscription>();
  readonly #maxPayload: number;
  /** Published, and not yet confirmed. */
  #waitingBytes = 0;
  /** Published since the server was last asked to confirm. */
  #unaskedBytes = 0;
  #isOver = false;

  constructor(nats: NatsConnection, parts: NatsConnectionParts) {
    this.#nats = nats;
    this.#parts = parts;
    this.#maxPayload = nats.info?.max_payload ?? 0;
    void nats.closed().then((error) => {
      if (this.#isOver) return;
      this.#isOver = true;
      parts.events.lost(error ?? new Error('the NATS server closed the connection'));
    });
    void this.#logTroubles();
    this.listen(GAP_TOPIC);
  }

  send(topic: Topic, text: string): boolean {
    const payload = Buffer.from(text);
    const isTooMuch = this.#waitingBytes + payload.length > MAX_WAITING_BYTES;
    if (this.#isOver || isTooMuch || payload.length > this.#maxPayload) return false;
    try {
      this.#nats.publish(this.#subjectOf(topic), payload);
    } catch {
      // It is closing, of which `closed` tells.
      return false;
    }
    this.#waitingBytes += payload.length;
    this.#unaskedBytes += payload.length;
    if (this.#unaskedBytes >= CONFIRM_BYTES) this.#confirm();
    return true;
  }

  listen(topic: Topic): void {
    const { events, log } = this.#parts;
    const callback = (error: Error | null, message: Msg) => {
      if (error) log.error({ err: error, topic }, 'NATS does not let this node listen');
      else events.heard(topic, message.string());
    };
    try {
      this.#subscriptions.set(topic, this.#nats.subscribe(this.#subjectOf(topic), { callback }));
    } catch {
      // It is closing: the next connection listens.
    }
  }

  unlisten(topic: Topic): void {
    this.#subscriptions.get(topic)?.unsubscribe();
    this.#subscriptions.delete(topic);
  }

  async listening(): Promise<void> {
    // It answers in the order in which it is asked, and has done by then what came before.
    await this.#nats.flush().catch(() => undefined);
  }

  async close(): Promise<void> {
    const wasOver = this.#isOver;
    this.#isOver = true;
    // What was published goes out first, unless the connection is lost: then the library's drain never ends.
    if (!wasOver)
      await Promise.race([this.#nats.drain().catch(() => undefined), this.#nats.closed()]);
    await this.#nats.close();
  }

  #subjectOf(topic: Topic): string {
    return `${this.#parts.prefix}.${topic}`;
  }

  #confirm(): void {
    const bytes = this.#unaskedBytes;
    this.#unaskedBytes = 0;
    this.#nats.flush().then(
      () => {
        this.#waitingBytes -= bytes;
      },
      () => undefined,
    );
  }

  /** What the server does not permit is told by no call of ours. */
  async #logTroubles(): Promise<void> {
    for await (const status of this.#nats.status()) {
      if (status.type === 'error') {
        this.#parts.log.error({ err: status.error }, 'NATS refused something of the bus');
      }
      // Left to itself the library first waits until what is under way is written, which it never is.
    }
  }
}
