import type { Randomness } from '../randomness.ts';
import type { Endpoint, NewEvent } from '../store/outbox.ts';
import type { Snapshot } from '../store/store.ts';
import type { Changes, Teller } from '../steps/teller.ts';
import { Courier } from './courier.ts';
import type { CourierParts } from './courier.ts';
import { Endpoints } from './endpoints.ts';
import { eventsOf } from './events.ts';

/** What telling needs; the endpoints are those of the configuration. */
export interface WebhookParts extends Omit<CourierParts, 'endpoints'> {
  readonly configured: readonly Endpoint[];
}

/** Tells customers' servers: events go into the outbox with their step, and the courier takes them out. */
export class Webhooks implements Teller {
  readonly endpoints: Endpoints;
  readonly #courier: Courier;
  readonly #randomness: Randomness;

  constructor({ configured, ...parts }: WebhookParts) {
    this.endpoints = new Endpoints(parts.store, configured);
    this.#courier = new Courier({ ...parts, endpoints: this.endpoints });
    this.#randomness = parts.randomness;
  }

  eventsOf(before: Snapshot, changes: Changes): readonly NewEvent[] {
    return eventsOf(before, changes, this.endpoints.all, this.#randomness);
  }

  committed(): void {
    this.#courier.nudge();
  }

  /** Reads the endpoints and begins to deliver; throws when the store is away. */
  start(ownsStore: boolean): Promise<void> {
    return this.#courier.start(ownsStore);
  }

  /** Something was made due again. */
  nudge(): void {
    this.#courier.nudge();
  }

  /** Nothing more is taken out; what is under way comes to its end, or is repeated later. */
  stop(): void {
    this.#courier.stop();
  }
}
