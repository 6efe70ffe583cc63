import type { EventType } from '@ringline/protocol';
import type {
  Attempt,
  DeliveryQuery,
  DeliveryState,
  OutboxPlace,
  PostForm,
  StoredDelivery,
  StoredEvent,
} from './outbox.ts';
import { comparePlaces, isWanted, placeOf } from './outbox.ts';

const EVER = Number.MAX_SAFE_INTEGER;
/** Before this place stands everything. */
export const END: OutboxPlace = { at: EVER, n: EVER };

/** An event without its data. */
export interface EventRow {
  readonly event_n: number;
  readonly id: string;
  readonly type: EventType;
  readonly key: string;
  readonly at: number;
}

/** A delivery with its event. */
export interface DeliveryRow extends EventRow {
  readonly n: number;
  readonly endpoint: string;
  readonly lane: string;
  readonly form: PostForm;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly due_at: number | null;
  readonly last: string | null;
}

/** A delivery as the port has it. */
export function deliveryOf(row: DeliveryRow): StoredDelivery {
  const { n, endpoint, form, state, attempts, due_at: dueAt } = row;
  const last = row.last === null ? null : (JSON.parse(row.last) as Attempt);
  return { n, endpoint, form, state, attempts, dueAt, last, event: eventOf(row) };
}

/** Its event as the port has it. */
export function eventOf({ event_n: n, id, type, key, at }: EventRow): Omit<StoredEvent, 'data'> {
  return { n, id, type, key, at };
}

/** A page of what was read whole: the few of an event or a call. */
export function pageOf(
  all: readonly StoredDelivery[],
  query: DeliveryQuery,
): readonly StoredDelivery[] {
  const { before = END, limit } = query;
  const found = all.filter((each) => isWanted(each, query));
  return newest(
    found.filter((each) => comparePlaces(placeOf(each), before) < 0),
    limit,
  );
}

/** So many of these, the newest first. */
export function newest(found: readonly StoredDelivery[], limit: number): readonly StoredDelivery[] {
  return found
    .toSorted((one, other) => comparePlaces(placeOf(other), placeOf(one)))
    .slice(0, limit);
}
