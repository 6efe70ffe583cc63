import assert from 'node:assert/strict';
import type { StrayDelivery, Strays } from '../audit.ts';
import type {
  Claim,
  DeliveryQuery,
  DueDelivery,
  Endpoint,
  MissedEndpoint,
  NewEvent,
  OutboxPortion,
  PortionDone,
  ResendQuery,
  Settled,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import { comparePlaces, isNumbered, isWanted, placeOf, portionDone } from '../outbox.ts';
import { freeze } from './freeze.ts';

interface Kept {
  delivery: StoredDelivery;
  readonly lane: string;
  isClaimed: boolean;
  /** Of all claims of it the newest. */
  claim: number;
  since: number;
}

/** Endpoints, events, and each event's deliveries. */
export class MemoryOutbox {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #events = new Map<number, StoredEvent>();
  readonly #deliveries = new Map<number, Kept>();
  readonly #sequences = new Map<string, number>();
  /** Since when endpoints are missed for which something is kept. */
  readonly #missed = new Map<string, number>();
  #lastEvent = 0;
  #lastDelivery = 0;

  endpoints(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  addEndpoint(endpoint: Endpoint, most: number): boolean {
    if (this.#endpoints.size >= most) return false;
    this.#endpoints.set(endpoint.id, freeze(endpoint));
    return true;
  }

  changeEndpoint(endpoint: Endpoint): boolean {
    if (this.#endpoints.get(endpoint.id)?.version !== endpoint.version - 1) return false;
    this.#endpoints.set(endpoint.id, freeze(endpoint));
    return true;
  }

  removeEndpoint(id: string): void {
    this.#endpoints.delete(id);
  }

  noteEndpoints(known: readonly string[], now: number): readonly MissedEndpoint[] {
    const kept = new Set(this.#all().map(({ endpoint }) => endpoint));
    for (const id of this.#missed.keys()) {
      if (!kept.has(id) || known.includes(id)) this.#missed.delete(id);
    }
    for (const id of kept) {
      if (!known.includes(id) && !this.#missed.has(id)) this.#missed.set(id, now);
    }
    return [...this.#missed].map(([id, since]) => ({ id, since }));
  }

  forgetDeliveries(endpoint: string, limit: number): number {
    const theirs = this.#all()
      .filter((each) => each.endpoint === endpoint)
      .toSorted((one, other) => comparePlaces(placeOf(other), placeOf(one)))
      .slice(0, limit);
    for (const { n } of theirs) this.#deliveries.delete(n);
    return theirs.length;
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
      const fresh = { isClaimed: false, claim: 0, since: at };
      this.#deliveries.set(delivery.n, { delivery: freeze(delivery), lane, ...fresh });
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
      const { claim, since } = this.#claimAnew(n);
      const { data = {} } = this.#events.get(event.n) ?? {};
      return { n, endpoint, form, attempts, claim, since, event: { ...event, data } };
    });
  }

  /** What an older claim comes to counts no more. */
  #claimAnew(n: number): Kept {
    const kept = this.#deliveries.get(n);
    assert(kept, 'it was found a moment ago');
    kept.claim += 1;
    return kept;
  }

  settle(settled: readonly Settled[], now: number): readonly number[] {
    const counted: number[] = [];
    for (const { n, claim, state, dueAt, attempt } of settled) {
      const kept = this.#deliveries.get(n);
      if (kept?.delivery.state !== 'waiting' || kept.claim !== claim) continue;
      const { delivery, lane } = kept;
      const isFirst = this.#firstWaiting(delivery.endpoint, lane)?.n === n;
      const due = isFirst ? dueAt : null;
      const attempts = delivery.attempts + 1;
      this.#keep({ ...delivery, state, dueAt: due, last: attempt, attempts });
      if (state !== 'waiting') this.#promote(kept, now);
      counted.push(n);
    }
    return counted;
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

  oldestWaiting(endpoints: readonly string[]): number | undefined {
    const times = this.#all().flatMap(({ endpoint, state, event }) =>
      state === 'waiting' && endpoints.includes(endpoint) ? [event.at] : [],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  deliveries({ before, limit, ...query }: DeliveryQuery): readonly StoredDelivery[] {
    return this.#all()
      .filter((each) => isWanted(each, query))
      .filter((each) => !before || comparePlaces(placeOf(each), before) < 0)
      .toSorted((one, other) => comparePlaces(placeOf(other), placeOf(one)))
      .slice(0, limit);
  }

  /** In the order in which they came to be. */
  get events(): readonly StoredEvent[] {
    return [...this.#events.values()];
  }

  /** Deliveries that wait behind nothing. */
  stuck(): readonly StrayDelivery[] {
    const lanes = new Set<string>();
    return [...this.#deliveries.values()].flatMap((kept) => {
      const { endpoint, state, dueAt } = kept.delivery;
      const lane = `${endpoint}\n${kept.lane}`;
      if (state !== 'waiting' || lanes.has(lane)) return [];
      lanes.add(lane);
      return dueAt === null ? [strayOf(kept)] : [];
    });
  }

  /** Deliveries of events that are not there. */
  withoutEvent(): Strays['deliveries'] {
    return [...this.#deliveries.values()].flatMap((kept) => {
      const event = kept.delivery.event.n;
      return this.#events.has(event) ? [] : [{ ...strayOf(kept), event }];
    });
  }

  event(id: string): StoredEvent | undefined {
    return [...this.#events.values()].find((event) => event.id === id);
  }

  resend({ after, limit, ...query }: ResendQuery & OutboxPortion, now: number): PortionDone {
    const portion = this.#all()
      .filter((each) => isWanted(each, query))
      .filter((each) => !after || comparePlaces(placeOf(each), after) > 0)
      .toSorted((one, other) => comparePlaces(placeOf(one), placeOf(other)))
      .slice(0, limit);
    for (const each of portion) this.#sendAgain(each, now);
    return portionDone(portion.length, portion.map(placeOf), limit);
  }

  /** Of its lane the first that waits is due, and no other. */
  #sendAgain(delivery: StoredDelivery, now: number): void {
    const kept = this.#claimAnew(delivery.n);
    kept.since = now;
    const { lane } = kept;
    const before = this.#firstWaiting(delivery.endpoint, lane);
    const isFirst = !before || delivery.n <= before.n;
    if (isFirst && before) this.#keep({ ...before, dueAt: null });
    const dueAt = isFirst ? now : null;
    this.#keep({ ...delivery, state: 'waiting', dueAt, attempts: 0 });
  }

  forgetEvents(
    before: number,
    { after, limit }: OutboxPortion,
    isOpen: (key: string) => boolean,
  ): PortionDone {
    const holds = ({ state, last }: StoredDelivery) =>
      state === 'waiting' || (state === 'dead' && (last?.at ?? 0) >= before);
    const held = new Set(this.#all().flatMap((each) => (holds(each) ? [each.event.n] : [])));
    const old = [...this.#events.values()]
      .filter(({ at }) => at < before)
      .filter((each) => !after || comparePlaces(each, after) > 0)
      .toSorted(comparePlaces)
      .slice(0, limit);
    const gone = old.filter(({ n, key }) => !held.has(n) && !isOpen(key));
    for (const { n } of gone) {
      this.#events.delete(n);
      for (const { n: of, event } of this.#all()) if (event.n === n) this.#deliveries.delete(of);
    }
    return portionDone(gone.length, old, limit);
  }
}

function strayOf({ delivery: { n, endpoint }, lane }: Kept): StrayDelivery {
  return { n, endpoint, lane };
}
