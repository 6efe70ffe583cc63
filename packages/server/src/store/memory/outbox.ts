import type { CallId } from '@ringline/protocol';
import type {
  Claim,
  DeliveryQuery,
  DueDelivery,
  Endpoint,
  NewEvent,
  ResendQuery,
  Settled,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import { isNumbered } from '../outbox.ts';
import { freeze } from './freeze.ts';

interface Kept {
  delivery: StoredDelivery;
  readonly lane: string;
  isClaimed: boolean;
}

/** Endpoints, events, and each event's deliveries. */
export class MemoryOutbox {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #events = new Map<number, StoredEvent>();
  readonly #deliveries = new Map<number, Kept>();
  readonly #sequences = new Map<string, number>();
  #lastEvent = 0;
  #lastDelivery = 0;

  endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  putEndpoint(endpoint: Endpoint): void {
    this.#endpoints.set(endpoint.id, freeze(endpoint));
  }

  removeEndpoint(id: string): void {
    this.#endpoints.delete(id);
    for (const [n, { delivery }] of this.#deliveries) {
      if (delivery.endpoint === id) this.#deliveries.delete(n);
    }
  }

  write({ id, type, key, data, deliveries }: NewEvent, at: number): void {
    const n = ++this.#lastEvent;
    const told = isNumbered(type) ? { ...data, sequence: this.#nextOf(key) } : data;
    // Through JSON, as everything that lasts: nobody else's object is kept.
    const kept = JSON.parse(JSON.stringify(told)) as object;
    this.#events.set(n, freeze({ n, id, type, key, at, data: kept }));
    for (const { endpoint, form, lane } of deliveries) {
      const dueAt = this.#firstWaiting(endpoint, lane) ? null : at;
      const delivery: StoredDelivery = {
        n: ++this.#lastDelivery,
        endpoint,
        form,
        state: 'waiting',
        attempts: 0,
        dueAt,
        last: null,
        event: { n, id, type, key, at },
      };
      this.#deliveries.set(delivery.n, { delivery: freeze(delivery), lane, isClaimed: false });
    }
  }

  #nextOf(key: string): number {
    const next = (this.#sequences.get(key) ?? 0) + 1;
    this.#sequences.set(key, next);
    return next;
  }

  #keep(delivery: StoredDelivery, isClaimed = false): void {
    const kept = this.#deliveries.get(delivery.n);
    if (kept) Object.assign(kept, { delivery: freeze(delivery), isClaimed });
  }

  #firstWaiting(endpoint: string, lane: string): StoredDelivery | undefined {
    for (const { delivery, lane: of } of this.#deliveries.values()) {
      const { state, endpoint: to } = delivery;
      if (state === 'waiting' && to === endpoint && of === lane) return delivery;
    }
    return undefined;
  }

  #all(): readonly StoredDelivery[] {
    return [...this.#deliveries.values()].map(({ delivery }) => delivery);
  }

  claim({ endpoint, now, until, limit }: Claim): readonly DueDelivery[] {
    const due = this.#all()
      .filter((each) => each.endpoint === endpoint && (each.dueAt ?? Infinity) <= now)
      .toSorted((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0) || one.n - other.n)
      .slice(0, limit);
    return due.map((delivery) => {
      this.#keep({ ...delivery, dueAt: until }, true);
      const { n, form, attempts, event } = delivery;
      const { data = {} } = this.#events.get(event.n) ?? {};
      return { n, endpoint, form, attempts, event: { ...event, data } };
    });
  }

  settle(settled: readonly Settled[], now: number): void {
    for (const { n, state, dueAt, attempt } of settled) {
      const kept = this.#deliveries.get(n);
      if (kept?.delivery.state !== 'waiting') continue;
      const { delivery } = kept;
      this.#keep({ ...delivery, state, dueAt, last: attempt, attempts: delivery.attempts + 1 });
      if (state !== 'waiting') this.#promote(kept, now);
    }
  }

  /** What waits behind a delivery that is over is due. */
  #promote({ delivery, lane }: Kept, now: number): void {
    const next = this.#firstWaiting(delivery.endpoint, lane);
    if (next?.dueAt === null) this.#keep({ ...next, dueAt: now });
  }

  release(now: number): void {
    for (const { delivery, isClaimed } of this.#deliveries.values()) {
      if (isClaimed) this.#keep({ ...delivery, dueAt: now });
    }
  }

  next(endpoints: readonly string[]): number | undefined {
    const times = this.#all().flatMap(({ endpoint, dueAt }) =>
      dueAt !== null && endpoints.includes(endpoint) ? [dueAt] : [],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  deliveries({ before = Infinity, limit, ...query }: DeliveryQuery): readonly StoredDelivery[] {
    return this.#all()
      .filter((delivery) => delivery.n < before && isFound(delivery, query))
      .toReversed()
      .slice(0, limit);
  }

  sequencesOf(key: string): readonly number[] {
    return [...this.#events.values()].flatMap(({ key: of, data }) =>
      of === key && 'sequence' in data ? [Number(data.sequence)] : [],
    );
  }

  /** Deliveries that wait behind nothing. */
  stuck(limit: number): readonly number[] {
    const waiting = [...this.#deliveries.values()].filter(
      ({ delivery }) => delivery.state === 'waiting' && delivery.dueAt === null,
    );
    return waiting
      .filter(({ delivery, lane }) => this.#firstWaiting(delivery.endpoint, lane) === delivery)
      .map(({ delivery }) => delivery.n)
      .slice(0, limit);
  }

  event(id: string): StoredEvent | undefined {
    return [...this.#events.values()].find((event) => event.id === id);
  }

  resend(query: ResendQuery, now: number): number {
    const wanted = this.#all().filter(
      (each) => isFound(each, query) && (each.state !== 'waiting' || each.dueAt !== null),
    );
    for (const each of wanted) this.#keep({ ...each, state: 'waiting', dueAt: null, attempts: 0 });
    for (const { n } of wanted) {
      const kept = this.#deliveries.get(n);
      if (kept) this.#promote(kept, now);
    }
    return wanted.length;
  }

  forgetEvents(before: number, limit: number, isOpen: (call: CallId) => boolean): number {
    const isWanted = ({ state, last }: StoredDelivery) =>
      state === 'waiting' || (state === 'dead' && (last?.at ?? 0) >= before);
    const wanted = new Set(this.#all().flatMap((each) => (isWanted(each) ? [each.event.n] : [])));
    const old = [...this.#events.values()]
      .filter(({ n, at, key }) => at < before && !wanted.has(n) && !isOpen(key))
      .toSorted((one, other) => one.at - other.at)
      .slice(0, limit);
    for (const { n } of old) {
      this.#events.delete(n);
      for (const { n: of, event } of this.#all()) if (event.n === n) this.#deliveries.delete(of);
    }
    return old.length;
  }
}

function isFound(delivery: StoredDelivery, query: Omit<DeliveryQuery, 'before' | 'limit'>) {
  const { endpoint, state, event } = delivery;
  const { from = -Infinity, to = Infinity } = query;
  return (
    endpoint === (query.endpoint ?? endpoint) &&
    state === (query.state ?? state) &&
    event.type === (query.type ?? event.type) &&
    event.key === (query.key ?? event.key) &&
    event.id === (query.event ?? event.id) &&
    event.at >= from &&
    event.at < to
  );
}
