import type { UserId } from '@ringline/protocol';
import type { Log } from '../observe/log.ts';
import type { Bus, ChannelDelivery, Delivery } from './bus.ts';

/** A bus within one process: of one node, or of a whole simulated cluster. */
export class InProcessBus implements Bus {
  readonly #deliveries: Listeners<Delivery>;
  readonly #moves: Listeners<UserId>;
  readonly #channels: Listeners<ChannelDelivery>;

  constructor(log: Log) {
    this.#deliveries = new Listeners(log, 'user');
    this.#moves = new Listeners(log, 'user');
    this.#channels = new Listeners(log, 'channel');
  }

  publish(delivery: Delivery): void {
    this.#deliveries.tell(delivery.to, delivery);
  }

  subscribe(user: UserId, hear: (delivery: Delivery) => void): () => void {
    return this.#deliveries.add(user, hear);
  }

  publishMove(user: UserId): void {
    this.#moves.tell(user, user);
  }

  watch(user: UserId, hear: () => void): () => void {
    return this.#moves.add(user, hear);
  }

  publishToChannel(channel: string, delivery: ChannelDelivery): void {
    this.#channels.tell(channel, delivery);
  }

  subscribeToChannel(channel: string, hear: (delivery: ChannelDelivery) => void): () => void {
    return this.#channels.add(channel, hear);
  }

  close(): Promise<void> {
    this.#deliveries.clear();
    this.#moves.clear();
    this.#channels.clear();
    return Promise.resolve();
  }
}

/** Who listens to what is said of or to each user or channel. */
class Listeners<Said> {
  readonly #log: Log;
  /** What the names are names of. */
  readonly #what: 'user' | 'channel';
  readonly #byName = new Map<string, Set<(said: Said) => void>>();

  constructor(log: Log, what: 'user' | 'channel') {
    this.#log = log;
    this.#what = what;
  }

  add(name: string, hear: (said: Said) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(hear));
    return () => {
      listeners.delete(hear);
      // Another set may have taken the place of one that was empty.
      if (listeners.size === 0 && this.#byName.get(name) === listeners) this.#byName.delete(name);
    };
  }

  /** What was committed stays so: a listener that fails must not make it look undone, nor keep it from the others. */
  tell(name: string, said: Said): void {
    for (const hear of this.#byName.get(name) ?? []) {
      try {
        hear(said);
      } catch (error) {
        this.#log.error({ err: error, [this.#what]: name }, 'a delivery met a defect');
      }
    }
  }

  clear(): void {
    this.#byName.clear();
  }
}
