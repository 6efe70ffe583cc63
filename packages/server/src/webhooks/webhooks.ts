import type { Endpoint, NewEvent } from '../store/outbox.ts';
import type { Snapshot } from '../store/store.ts';
import type { Changes, Teller } from '../steps/teller.ts';
import { Courier } from './courier.ts';
import type { CourierParts } from './courier.ts';
import { Endpoints } from './endpoints.ts';
import { eventsOf } from './events.ts';
import { postCheck } from './post.ts';

/** What telling needs; the endpoints are those of the configuration. */
export interface WebhookParts extends Omit<CourierParts, 'endpoints'> {
  readonly configured: readonly Endpoint[];
}

/** Tells customers' servers: events go into the outbox with their step, and the courier takes them out. */
export class Webhooks implements Teller {
  readonly endpoints: Endpoints;
  readonly #courier: Courier;
  readonly #configured: readonly Endpoint[];
  readonly #parts: Omit<WebhookParts, 'configured'>;

  constructor({ configured, ...parts }: WebhookParts) {
    this.endpoints = new Endpoints(parts.store, configured);
    this.#courier = new Courier({ ...parts, endpoints: this.endpoints });
    this.#configured = configured;
    this.#parts = parts;
  }

  eventsOf(before: Snapshot, changes: Changes): readonly NewEvent[] {
    return eventsOf(before, changes, this.endpoints.all, this.#parts.randomness);
  }

  /** How long events are kept, in milliseconds; 0 without endpoints, when nothing is told. */
  get keptMs(): number {
    return this.endpoints.all.length > 0 ? this.#parts.keepMs : 0;
  }

  committed(): void {
    this.#courier.nudge();
  }

  /** Reads the endpoints and begins to deliver; throws when the store is away. */
  async start(ownsStore: boolean): Promise<void> {
    await this.#courier.start(ownsStore);
    for (const endpoint of this.#configured) {
      this.#check(endpoint).catch((error: unknown) => {
        this.#parts.log.error(
          { err: error, endpoint: endpoint.id },
          'a webhook could not be checked',
        );
      });
    }
  }

  /**
   * As the vendor does when an address is saved. It may be away just now, so it is told all the
   * same; an operator who has mistyped it reads why nothing comes.
   */
  async #check(endpoint: Endpoint): Promise<void> {
    if (endpoint.format !== 'netease' || !endpoint.isEnabled) return;
    const { clock, log, outbound } = this.#parts;
    const { isDelivered, status, note } = await postCheck(outbound, endpoint, clock.now());
    if (isDelivered) return;
    const facts = { endpoint: endpoint.id, status, note };
    log.error(facts, 'an endpoint of WEBHOOKS_FILE does not answer {} with 200');
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
