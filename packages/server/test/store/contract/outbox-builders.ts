import type { EventType } from '@ringline/protocol';
import type { Attempt, DueDelivery, Endpoint, NewEvent } from '../../../src/store/outbox.ts';
import type { Store } from '../../../src/store/store.ts';
import { T0 } from '../builders.ts';

export const FAILED: Attempt = { at: T0 + 1, status: 503, note: 'busy' };
export const TAKEN: Attempt = { at: T0 + 2, status: 204, note: '' };

let made = 0;

/** A new event of a call to these endpoints. */
export function event(key: string, endpoints = ['one'], type: EventType = 'call.held'): NewEvent {
  made += 1;
  const deliveries = endpoints.map((endpoint) => ({ endpoint, form: 'event' as const, lane: key }));
  return { id: `event-${made}`, type, key, data: { call: key }, deliveries };
}

/** An endpoint as it is kept. */
export function endpoint(id: string, over: Partial<Endpoint> = {}): Endpoint {
  const url = `https://example.com/${id}`;
  const common = { id, url, events: null, isEnabled: true, createdAt: T0, version: 1 };
  return { ...common, format: 'standard', secrets: ['whsec_x'], ...over } as Endpoint;
}

/** Takes what is due at an endpoint. */
export function claim(store: Store, of = 'one', now = T0, limit = 10) {
  return store.claimDeliveries({ endpoint: of, now, until: now + 30_000, limit });
}

/** What was claimed, or the number of a delivery that nobody has claimed. */
type Claimed = Pick<DueDelivery, 'n' | 'claim'> | number | undefined;

function claimOf(claimed: Claimed): Pick<DueDelivery, 'n' | 'claim'> {
  if (typeof claimed === 'number') return { n: claimed, claim: 0 };
  if (!claimed) throw new Error('nothing was claimed');
  return { n: claimed.n, claim: claimed.claim };
}

/** How a delivery came out: delivered, or tried again at a time. */
export async function settle(
  store: Store,
  claimed: Claimed,
  attempt: Attempt,
  retryAt?: number,
): Promise<void> {
  const state = retryAt === undefined ? 'delivered' : 'waiting';
  await store.settleDeliveries(
    [{ ...claimOf(claimed), state, dueAt: retryAt ?? null, attempt }],
    T0 + 5,
  );
}

/** A delivery was given up at a time. */
export async function giveUp(store: Store, claimed: Claimed, at = T0 + 5): Promise<void> {
  const attempt = { ...FAILED, at };
  await store.settleDeliveries([{ ...claimOf(claimed), state: 'dead', dueAt: null, attempt }], at);
}
