import type { UserId } from '@ringline/protocol';
import type { Bus, Delivery } from './bus.ts';

/** A bus within one process: of one node, or of a whole simulated cluster. */
export class InProcessBus implements Bus {
  readonly #listeners = new Map<UserId, Set<(delivery: Delivery) => void>>();

  publish(delivery: Delivery): void {
    for (const hear of this.#listeners.get(delivery.to) ?? []) hear(delivery);
  }

  subscribe(user: UserId, hear: (delivery: Delivery) => void): () => void {
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
}
