import type { UserId } from '@ringline/protocol';
import type { Log } from '../observe/log.ts';
import type { Bus, Delivery } from './bus.ts';

type Hear = (delivery: Delivery) => void;

/** A bus within one process: of one node, or of a whole simulated cluster. */
export class InProcessBus implements Bus {
  readonly #log: Log;
  readonly #listeners = new Map<UserId, Set<Hear>>();

  constructor(log: Log) {
    this.#log = log;
  }

  publish(delivery: Delivery): void {
    for (const hear of this.#listeners.get(delivery.to) ?? []) this.#tell(hear, delivery);
  }

  subscribe(user: UserId, hear: Hear): () => void {
    const listeners = this.#listeners.get(user) ?? new Set();
    this.#listeners.set(user, listeners.add(hear));
    return () => {
      listeners.delete(hear);
      if (listeners.size === 0) this.#listeners.delete(user);
    };
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }

  /** What was committed stays so: a listener that fails must not make it look undone, nor keep it from the others. */
  #tell(hear: Hear, delivery: Delivery): void {
    try {
      hear(delivery);
    } catch (error) {
      this.#log.error({ err: error, user: delivery.to }, 'a delivery met a defect');
    }
  }
}
