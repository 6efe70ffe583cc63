import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { StoreClock } from '../store-clock.ts';
import type { Timer } from '../clock.ts';
import { StoreFault } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { Duty } from '../store/leases.ts';
import type { Registrar } from './registrar.ts';
import { Sweep } from './sweep.ts';

/** A node that is silent for this long counts as dead, and its devices get their fresh grace. */
export const LEASE_MS = 10_000;
/** It renews well before, so that one slow commit does not cost its life. */
export const RENEW_LEASE_MS = 3_000;
/** When it could not, it tries again so soon: until it has its lease back it may do nothing. */
export const RETRY_LEASE_MS = 1_000;
/** A node that could not renew for longer was cut off itself; for less, others have had the time to renew since. */
export const STEADY_GAP_MS = RENEW_LEASE_MS + 2 * RETRY_LEASE_MS;
/** Losses said again together, so that they share commits: under half a second at the 450 steps a second of a slow database. */
const UNSAID_PORTION = 200;

/** What it is made of. */
export interface LeaseParts {
  readonly store: Store;
  readonly registrar: Registrar;
  readonly clock: StoreClock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'leaseHeld'>;
  readonly incarnation: string;
}

/** Follows a node that may lose its lease. */
export interface LeaseWatch {
  /** It has none, and a renewal that began then failed. */
  failed(beganAt: number): void;
  /** It has one. */
  renewed(): void;
}

/** Keeps this node's lease, and lets go the devices of nodes that lost theirs. */
export class Lease {
  readonly #parts: LeaseParts;
  #alone: () => Promise<void> = () => Promise.resolve();
  #lapsed: () => void = () => {};
  #watch: LeaseWatch | undefined;
  readonly #unsaid = new Set<() => Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #sweep: Sweep;
  #heldUntil = 0;
  #renewedAt = -Infinity;
  /** Since when no renewal came late: who could not reach the store itself does not call others dead. */
  #steadySince = Infinity;
  #timer: Timer | undefined;
  #isAway = false;
  #catchesUp = false;
  #isBehind = false;
  #stopped = false;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    const isOurs = async () => !this.#stopped && (await this.hasDuty('lose-devices'));
    this.#sweep = new Sweep({ ...parts, isOurs });
  }

  /** What to do when others counted this node as dead, and have let go its devices. */
  onLapse(lapsed: () => void): void {
    this.#lapsed = lapsed;
  }

  /** What to do before this node takes a lease again, when no node held one: nobody could come back meanwhile. */
  onAlone(alone: () => Promise<void>): void {
    this.#alone = alone;
  }

  /** Who follows whether it is held. */
  watchedBy(watch: LeaseWatch): void {
    this.#watch = watch;
  }

  /** Whether this node counts as alive: else it decides nothing, for others may. */
  get isHeld(): boolean {
    const { clock } = this.#parts;
    const leftMs = this.#heldUntil - clock.now();
    // One that would last longer than it does is none: the store's own clock was set back since.
    return clock.isSure && leftMs > 0 && leftMs <= LEASE_MS;
  }

  /** Whether this is the one node that does this work at the moment; throws StoreFault when the store is away. */
  async hasDuty(duty: Duty): Promise<boolean> {
    const { store, clock, incarnation } = this.#parts;
    return this.isHeld && (await store.takeDuty(duty, incarnation, clock.now()));
  }

  /** Takes the lease; throws StoreFault when the store is away. */
  async start(): Promise<void> {
    await this.#setClock();
    await this.#renew();
    this.#schedule(RENEW_LEASE_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Gives the lease up, after everything else: what it had to do passes on at once. */
  async end(): Promise<void> {
    const { store, clock, incarnation, log, metrics } = this.#parts;
    this.#heldUntil = 0;
    metrics.leaseHeld(false);
    try {
      await store.renewLease(incarnation, clock.now());
    } catch (error) {
      log.warn({ err: error }, 'the lease could not be given up; it ends by itself');
    }
  }

  /** Does it now, and again with every renewal until the store takes it: a loss must not get lost. */
  async insist(act: () => Promise<void>): Promise<void> {
    await this.#note(this.#attempt(act));
  }

  async #note(work: Promise<void>): Promise<void> {
    this.#underWay.add(work);
    await work;
    this.#underWay.delete(work);
  }

  /** Resolves when nothing that was insisted on is under way, nor a portion of a sweep. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.#unsaid.delete(act);
    } catch (error) {
      if (error instanceof StoreFault) this.#unsaid.add(act);
      else this.#unsaid.delete(act);
      this.#parts.log.error({ err: error }, 'a lost device could not be noted');
    }
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer = this.#parts.clock.after(ms, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    let next = RENEW_LEASE_MS;
    const beganAt = this.#parts.clock.now();
    try {
      await this.#goOn();
      this.#isAway = false;
      void this.#note(this.#catchUp());
    } catch (error) {
      // Said once: it is tried every second.
      if (!this.#isAway) {
        this.#parts.log.error({ err: error }, 'the lease could not be renewed; trying again');
      }
      this.#isAway = true;
      next = RETRY_LEASE_MS;
      if (!this.isHeld) this.#missed(beganAt);
    }
    this.#schedule(next);
  }

  #missed(beganAt: number): void {
    this.#parts.metrics.leaseHeld(false);
    if (!this.#stopped) this.#watch?.failed(beganAt);
  }

  /** Beside the renewals, which must not wait for it; once at a time. */
  async #catchUp(): Promise<void> {
    if (this.#catchesUp) return;
    this.#catchesUp = true;
    try {
      await this.#sayUnsaid();
      if (this.#isSteady) await this.sweep();
      this.#isBehind = false;
    } catch (error) {
      // Said once: it is tried again with the next renewal.
      if (!this.#isBehind) {
        this.#parts.log.error({ err: error }, 'devices of dead nodes are not let go; trying again');
      }
      this.#isBehind = true;
    }
    this.#catchesUp = false;
  }

  async #sayUnsaid(): Promise<void> {
    const unsaid = [...this.#unsaid];
    while (unsaid.length > 0 && this.isHeld && !this.#stopped) {
      const portion = unsaid.splice(0, UNSAID_PORTION);
      await Promise.all(portion.map((act) => this.insist(act)));
      // The store took none: it is away.
      if (portion.every((act) => this.#unsaid.has(act))) return;
    }
  }

  async #goOn(): Promise<void> {
    const { store, clock } = this.#parts;
    await this.#setClock();
    if (!this.isHeld && !(await store.hasLease(clock.now()))) {
      await this.#alone();
      await this.#setClock();
    }
    const goesOn = await this.#renew();
    if (!goesOn) this.#lapsed();
  }

  /** First of all: by a time that is in doubt nothing is asked of leases, nor said. */
  async #setClock(): Promise<void> {
    const { store, clock } = this.#parts;
    await clock.set(store);
    clock.assertSure();
  }

  async #renew(): Promise<boolean> {
    const { store, clock, incarnation, metrics } = this.#parts;
    const now = clock.now();
    const goesOn = await store.renewLease(incarnation, now + LEASE_MS);
    // Stopped meanwhile, it has been given up.
    if (this.#stopped) return true;
    const gapMs = now - this.#renewedAt;
    if (gapMs < 0 || gapMs > STEADY_GAP_MS) this.#steadySince = now;
    this.#renewedAt = now;
    this.#heldUntil = now + LEASE_MS;
    metrics.leaseHeld(true);
    this.#watch?.renewed();
    return goesOn;
  }

  /** While the store was away for all, every lease ended: who is back first must not call the others dead. */
  get #isSteady(): boolean {
    return this.#parts.clock.now() - this.#steadySince >= LEASE_MS;
  }

  /** Lets go every device whose node is dead, unless another node does it; throws StoreFault when the store is away. */
  sweep(): Promise<void> {
    return this.#sweep.run();
  }
}
