import type { UserId } from '@ringline/protocol';
import type { Log } from '../observe/log.ts';
import type { Bus, Delivery } from './bus.ts';

/** A bus within one process: of one node, or of a whole simulated cluster. */
export class InProcessBus implements Bus {
  readonly #deliveries: Listeners<Delivery>;
  readonly #moves: Listeners<UserId>;

  constructor(log: Log) {
    this.#deliveries = new Listeners(log);
    this.#moves = new Listeners(log);
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

  close(): Promise<void> {
    this.#deliveries.clear();
    this.#moves.clear();
    return Promise.resolve();
  }
}

/** Who listens to what is said of or to each user. */
class Listeners<Said> {
  readonly #log: Log;
  readonly #byUser = new Map<UserId, Set<(said: Said) => void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  add(user: UserId, hear: (said: Said) => void): () => void {
    const listeners = this.#byUser.get(user) ?? new Set();
    this.#byUser.set(user, listeners.add(hear));
    return () => {
      listeners.delete(hear);
      if (listeners.size === 0) this.#byUser.delete(user);
    };
  }

  /** What was committed stays so: a listener that fails must not make it look undone, nor keep it from the others. */
  tell(user: UserId, said: Said): void {
    for (const hear of this.#byUser.get(user) ?? []) {
      try {
        hear(said);
      } catch (error) {
        this.#log.error({ err: error, user }, 'a delivery met a defect');
      }
    }
  }

  clear(): void {
    this.#byUser.clear();
  }
}
