import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { Randomness } from '../randomness.ts';
import type { DueDelivery, Endpoint, OutboxStore, Settled } from '../store/outbox.ts';
import { GIVE_UP_AFTER_MS, retryDelay } from './back-off.ts';
import type { Endpoints } from './endpoints.ts';
import { inPortions } from './portions.ts';
import { MAX_TIMEOUT_MS, post } from './post.ts';
import type { Outcome } from './post.ts';
import { Settler } from './settler.ts';

/** Requests to one endpoint at once: what a small receiver takes; a slow one keeps nobody else waiting. */
export const REQUESTS_PER_ENDPOINT = 16;
/** A claimed delivery is given to somebody else when nobody has settled it by then. */
export const CLAIM_MS = MAX_TIMEOUT_MS + 15_000;
/** The store is asked this often for what nobody here has heard of: another node's, or from before a restart. */
export const OUTBOX_POLL_MS = 2_000;
/** What is due and cannot be claimed, because a step or another node holds it at this moment, is asked for again so soon. */
export const HELD_AGAIN_MS = 100;
/** RFC 9110 §15.5.11: the receiver wants nothing more, whatever is said to it again. */
const GONE = 410;
/** Old events are forgotten this often. */
export const FORGET_EVERY_MS = 60_000;
/** How long the oldest waits is looked at this often: what operators act on has waited for many minutes. */
export const MEASURE_EVERY_MS = 30_000;

/** What it needs. */
export interface CourierParts {
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  /** Whether this is the one node that forgets what is old. */
  readonly forgets: () => Promise<boolean>;
  /** How long an event can be looked at and sent again. */
  readonly keepMs: number;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly outbound: Outbound;
  readonly randomness: Randomness;
  readonly store: OutboxStore;
}

/** Takes to each endpoint what waits for it: at least once, in order within a call, at its own pace. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #settler: Settler;
  /** Requests under way, by endpoint. */
  readonly #underWay = new Map<string, number>();
  #stopped = true;
  #isLooking = false;
  #lookAgain = false;
  #isAway = false;
  #timer: Timer | undefined;
  #poller: Timer | undefined;
  #forgetter: Timer | undefined;
  #measurer: Timer | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#settler = new Settler(parts);
  }

  /** Begins to deliver; what this process had claimed before it was ended is due again if the store is its own. */
  async start(ownsStore: boolean): Promise<void> {
    const { clock, endpoints, store } = this.#parts;
    await endpoints.refresh();
    if (ownsStore) await store.releaseDeliveries(clock.now());
    this.#stopped = false;
    this.#forgetLater();
    this.#measureLater();
    this.#pollLater();
    this.nudge();
  }

  /** Nothing more is taken; what is under way comes to its end, or is repeated by the next one. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#poller?.cancel();
    this.#forgetter?.cancel();
    this.#measurer?.cancel();
  }

  /** Something may be due. */
  nudge(): void {
    this.#lookAgain = true;
    if (!this.#isLooking && !this.#stopped) void this.#look();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    this.#timer?.cancel();
    let next: number | undefined;
    try {
      while (this.#isNudged() && !this.#hasStopped()) {
        this.#lookAgain = false;
        await this.#takeDue();
        // Asked only where it is waited for.
        if (!this.#isNudged()) next = await this.#nextDue();
      }
      this.#isAway = false;
    } catch (error) {
      // Said once: a store that is away needs no log lines on top.
      if (!this.#isAway) this.#parts.log.error({ err: error }, 'webhooks wait for the store');
      this.#isAway = true;
    } finally {
      this.#isLooking = false;
    }
    this.#lookLater(next);
  }

  /** Asked again after waiting. */
  #hasStopped(): boolean {
    return this.#stopped;
  }

  /** Asked again after waiting. */
  #isNudged(): boolean {
    return this.#lookAgain;
  }

  #lookLater(next: number | undefined): void {
    if (this.#stopped) return;
    const { clock } = this.#parts;
    const untilDue = (next ?? Infinity) - clock.now();
    // What is due later than that is looked for by then.
    if (untilDue > OUTBOX_POLL_MS) return;
    this.#timer = clock.after(untilDue > 0 ? untilDue : HELD_AGAIN_MS, () => this.nudge());
  }

  #pollLater(): void {
    this.#poller = this.#parts.clock.after(OUTBOX_POLL_MS, () => void this.#poll());
  }

  /** By a timer of its own: a busy courier looks so often that no other would come to its end. */
  async #poll(): Promise<void> {
    // Another node may have changed them.
    await this.#parts.endpoints.refresh().catch(() => undefined);
    if (this.#hasStopped()) return;
    this.nudge();
    this.#pollLater();
  }

  /** Claims as much as each endpoint has room for. */
  async #takeDue(): Promise<void> {
    const { clock, store } = this.#parts;
    await Promise.all(
      this.#withRoom().map(async (endpoint) => {
        const now = clock.now();
        const limit = this.#roomOf(endpoint.id);
        const claim = { endpoint: endpoint.id, now, until: now + CLAIM_MS, limit };
        const due = await store.claimDeliveries(claim);
        // What was claimed while this one stopped is due again when the next one starts.
        if (!this.#hasStopped()) for (const each of due) void this.#deliver(endpoint, each);
      }),
    );
  }

  /** Where there is no room, an attempt that ends looks again. */
  async #nextDue(): Promise<number | undefined> {
    const ids = this.#withRoom().map(({ id }) => id);
    return ids.length === 0 ? undefined : this.#parts.store.nextDelivery(ids);
  }

  #withRoom(): readonly Endpoint[] {
    const open = this.#parts.endpoints.all.filter(({ isEnabled }) => isEnabled);
    return open.filter(({ id }) => this.#roomOf(id) > 0);
  }

  #roomOf(endpoint: string): number {
    return REQUESTS_PER_ENDPOINT - (this.#underWay.get(endpoint) ?? 0);
  }

  async #deliver(endpoint: Endpoint, due: DueDelivery): Promise<void> {
    const { clock, log, outbound } = this.#parts;
    const { id } = endpoint;
    this.#underWay.set(id, (this.#underWay.get(id) ?? 0) + 1);
    try {
      const outcome = await post(outbound, endpoint, due.event, due.form, clock.now());
      // Given up because the process stops, and not by the receiver: no attempt of its own.
      if (this.#hasStopped() && outcome.status === null && !outcome.isDelivered) return;
      const settled = this.#settled(due, outcome, clock.now());
      // Sent again or claimed anew meanwhile: what this attempt came to is no news.
      if (await this.#settler.settle(settled)) this.#count(endpoint, due, settled);
    } catch (error) {
      // Not settled: it is due again when the claim is over.
      log.error({ err: error, endpoint: id }, 'a webhook could not be settled; trying again');
    } finally {
      this.#underWay.set(id, (this.#underWay.get(id) ?? 1) - 1);
      this.nudge();
    }
  }

  #settled(due: DueDelivery, outcome: Outcome, now: number): Settled {
    const { n, claim, attempts, since } = due;
    const { isDelivered, status, note, retryAfterMs } = outcome;
    const settled = { n, claim, attempt: { at: now, status, note } };
    if (isDelivered) return { ...settled, state: 'delivered', dueAt: null };
    const delay = retryDelay(attempts + 1, this.#parts.randomness, retryAfterMs) ?? Infinity;
    const dueAt = now + delay;
    if (status === GONE || dueAt > since + GIVE_UP_AFTER_MS) {
      return { ...settled, state: 'dead', dueAt: null };
    }
    return { ...settled, state: 'waiting', dueAt };
  }

  #count({ id: endpoint }: Endpoint, { event, attempts }: DueDelivery, settled: Settled): void {
    const { log, metrics } = this.#parts;
    const { state, attempt } = settled;
    metrics.webhookAttempted(state === 'waiting' ? 'failed' : state);
    if (state !== 'dead') return;
    const { status, note } = attempt;
    const facts = { endpoint, event: event.id, attempts: attempts + 1, status, note };
    log.error(facts, 'a webhook is given up; it can be sent again over REST');
  }

  #measureLater(): void {
    this.#measurer = this.#parts.clock.after(MEASURE_EVERY_MS, () => void this.#measure());
  }

  async #measure(): Promise<void> {
    const { clock, endpoints, metrics, store } = this.#parts;
    const open = endpoints.all.filter(({ isEnabled }) => isEnabled).map(({ id }) => id);
    try {
      const oldest = open.length === 0 ? undefined : await store.oldestWaiting(open);
      const now = clock.now();
      metrics.webhooksWait(Math.max(0, now - (oldest ?? now)));
    } catch {
      // The store is away, which others say: what was measured before stays.
    }
    if (!this.#hasStopped()) this.#measureLater();
  }

  #forgetLater(): void {
    this.#forgetter = this.#parts.clock.after(FORGET_EVERY_MS, () => void this.#forget());
  }

  async #forget(): Promise<void> {
    const { clock, forgets, keepMs, log, store } = this.#parts;
    const before = clock.now() - keepMs;
    const goesOn = () => !this.#hasStopped();
    try {
      if (await forgets()) {
        await this.#forgetMissed(before);
        await inPortions((portion) => store.forgetEvents(before, portion), goesOn);
      }
    } catch (error) {
      log.error({ err: error }, 'old webhooks could not be forgotten; trying again');
    }
    if (goesOn()) this.#forgetLater();
  }

  /** What is kept for endpoints that are not there any more; one may be put back in its file until then. */
  async #forgetMissed(before: number): Promise<void> {
    const { clock, endpoints, log, store } = this.#parts;
    const known = endpoints.all.map(({ id }) => id);
    for (const { id, since } of await store.noteEndpoints(known, clock.now())) {
      if (since >= before || this.#hasStopped()) continue;
      const count = await endpoints.forgetDeliveries(id, () => !this.#hasStopped());
      const facts = { endpoint: id, count, since: new Date(since).toISOString() };
      log.warn(facts, 'what was kept for an endpoint that is missing is forgotten');
    }
  }
}
