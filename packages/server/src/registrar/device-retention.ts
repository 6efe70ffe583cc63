import { Rounds } from '../rounds.ts';
import type { RoundsParts } from '../rounds.ts';
import type { Store } from '../store/store.ts';

/** How long is kept what is known of devices that are gone; what is absent is kept for ever. */
export interface DeviceRetentionLimits {
  /**
   * From then on a lost device is a new one when it comes back. A day at least: versions are told apart by days
   * (device-version.ts), and a device that were made and forgotten on one could have the versions of its former row.
   */
  readonly lostMs?: number;
}

/**
 * Devices looked at in one go: in SQLite some ten milliseconds, in which nothing else is stored, in PostgreSQL thirty.
 * With the pauses one node is done with seven hundred a second; a million users who open two tabs a day make 23.
 */
export const DEVICES_PORTION = 100;

/** What the retention of devices is made of. */
export interface DeviceRetentionParts extends RoundsParts {
  readonly store: Pick<Store, 'forgetDevices'>;
}

/** Removes what is known of devices that are gone for long, a portion at a time, for ever, on one node at a time. */
export class DeviceRetention {
  readonly #parts: DeviceRetentionParts;
  readonly #limits: DeviceRetentionLimits;
  readonly #rounds: Rounds;
  /**
   * None that was lost before this moment is left; never younger than what has had its time, since a loss may be written
   * later, by up to `lostMs`: as of a dead node's device, which is lost since the end of the lease. From 0 the store
   * would step over all that was removed since it last tidied up.
   */
  #from = 0;

  constructor(parts: DeviceRetentionParts, limits: DeviceRetentionLimits) {
    this.#parts = parts;
    this.#limits = limits;
    const isOurs = () => this.#isOurs();
    this.#rounds = new Rounds(
      { ...parts, isOurs },
      {
        portion: () => this.#portion(),
        failed: 'old devices could not be removed; trying again',
      },
    );
  }

  /** Begins, unless everything is kept. */
  start(): void {
    if (this.#limits.lostMs !== undefined) this.#rounds.start();
  }

  stop(): void {
    this.#rounds.stop();
  }

  /** Who takes the duty anew knows nothing of where others came to. */
  async #isOurs(): Promise<boolean> {
    const isOurs = await this.#parts.isOurs();
    if (!isOurs) this.#from = 0;
    return isOurs;
  }

  async #portion(): Promise<boolean> {
    const { clock, store } = this.#parts;
    const { lostMs } = this.#limits;
    if (lostMs === undefined) return false;
    const portion = { from: this.#from, limit: DEVICES_PORTION };
    const before = clock.now() - lostMs;
    const { count, nextFrom } = await store.forgetDevices(before, portion);
    this.#from = Math.min(nextFrom ?? this.#from, before);
    return count === DEVICES_PORTION;
  }
}
