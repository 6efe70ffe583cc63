import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import { StoreFault } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { Registrar } from './registrar.ts';

/** A node that is silent for this long counts as dead, and its devices get their fresh grace. */
export const LEASE_MS = 10_000;
/** It renews well before, so that one slow commit does not cost its life. */
export const RENEW_LEASE_MS = 3_000;
/** Devices of dead nodes taken up in one go. */
const BATCH = 200;

/** Keeps this node's lease, and lets go the devices of nodes that lost theirs. */
export class Lease {
  readonly #store: Store;
  readonly #registrar: Registrar;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #incarnation: string;
  #lapsed: () => void = () => {};
  readonly #unsaid = new Set<() => Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();
  #heldUntil = 0;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: {
    store: Store;
    registrar: Registrar;
    clock: Clock;
    log: Log;
    incarnation: string;
  }) {
    this.#store = parts.store;
    this.#registrar = parts.registrar;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#incarnation = parts.incarnation;
  }

  /** What to do when this node was silent so long that others count it as dead. */
  onLapse(lapsed: () => void): void {
    this.#lapsed = lapsed;
  }

  /** Takes the lease; throws StoreFault when the store is away. */
  async start(): Promise<void> {
    await this.#renew();
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Does it now, and again with every renewal until the store takes it: a loss must not get lost. */
  async insist(act: () => Promise<void>): Promise<void> {
    const attempt = this.#attempt(act);
    this.#underWay.add(attempt);
    await attempt;
    this.#underWay.delete(attempt);
  }

  /** Resolves when nothing that was insisted on is under way. */
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
      this.#log.error({ err: error }, 'a lost device could not be noted');
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.after(RENEW_LEASE_MS, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    try {
      if (this.#clock.now() > this.#heldUntil) this.#lapsed();
      await this.#renew();
      await Promise.all([...this.#unsaid].map((act) => this.insist(act)));
      await this.sweep();
    } catch (error) {
      this.#log.error({ err: error }, 'the lease could not be renewed; trying again');
    }
    this.#schedule();
  }

  async #renew(): Promise<void> {
    const until = this.#clock.now() + LEASE_MS;
    await this.#store.renewLease(this.#incarnation, until);
    this.#heldUntil = until;
  }

  /** Lets go every device whose node is dead. */
  async sweep(): Promise<void> {
    for (;;) {
      const orphans = await this.#store.orphans(this.#clock.now(), BATCH);
      await Promise.all(
        orphans.map((each) => this.#registrar.loseOrphan(each.device, each.lostAt)),
      );
      if (orphans.length < BATCH) return;
    }
  }
}
