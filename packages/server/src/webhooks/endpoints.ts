import type { Endpoint, OutboxStore } from '../store/outbox.ts';
import { MAX_ENDPOINTS } from './endpoint-schema.ts';
import { OUTBOX_PORTION } from './portions.ts';

type EndpointStore = Pick<
  OutboxStore,
  'endpoints' | 'addEndpoint' | 'changeEndpoint' | 'removeEndpoint' | 'forgetDeliveries'
>;

/** Who is told: the endpoints of the configuration, and those made over REST. */
export class Endpoints {
  readonly #store: EndpointStore;
  readonly #configured: readonly Endpoint[];
  #all: readonly Endpoint[];

  constructor(store: EndpointStore, configured: readonly Endpoint[]) {
    this.#store = store;
    this.#configured = configured;
    this.#all = configured;
  }

  /** Every endpoint, as last read; those of the configuration first. */
  get all(): readonly Endpoint[] {
    return this.#all;
  }

  find(id: string): Endpoint | undefined {
    return this.#all.find((endpoint) => endpoint.id === id);
  }

  /** Whether an endpoint is changed by the configuration only. */
  isConfigured(id: string): boolean {
    return this.#configured.some((endpoint) => endpoint.id === id);
  }

  /** Reads them again: another node may have changed them. */
  async refresh(): Promise<void> {
    const stored = await this.#store.endpoints();
    // One of the configuration takes the place of an earlier one with its id.
    const others = stored.filter(({ id }) => !this.isConfigured(id));
    this.#all = [...this.#configured, ...others];
  }

  /** Keeps a new one; false when there are MAX_ENDPOINTS besides those of the configuration. */
  async add(endpoint: Endpoint): Promise<boolean> {
    const isKept = await this.#store.addEndpoint(endpoint, MAX_ENDPOINTS);
    await this.refresh();
    return isKept;
  }

  /** Keeps the next version of one; false when the version before is not there any more. */
  async change(endpoint: Endpoint): Promise<boolean> {
    const isKept = await this.#store.changeEndpoint(endpoint);
    await this.refresh();
    return isKept;
  }

  async remove(id: string): Promise<void> {
    await this.#store.removeEndpoint(id);
    await this.refresh();
    await this.forgetDeliveries(id);
  }

  /** Forgets what is kept for an endpoint that is gone, in portions; how much that was. */
  async forgetDeliveries(id: string, goesOn: () => boolean = () => true): Promise<number> {
    let total = 0;
    let count: number;
    do {
      count = await this.#store.forgetDeliveries(id, OUTBOX_PORTION);
      total += count;
    } while (count === OUTBOX_PORTION && goesOn());
    return total;
  }
}
