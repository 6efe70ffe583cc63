import type { Clock, Timer } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Log } from '../observe/log.ts';
import type { Randomness } from '../randomness.ts';
import type { DeviceHere, DevicesHere } from './devices-here.ts';

/** After a gap nodes begin to read again spread over this, not all at once. */
export const LOOK_AGAIN_START_MS = 500;
/** And each reads for its devices spread over this: a third of HEARTBEAT_MS, so at three times the rate that they read at anyway. */
export const LOOK_AGAIN_SPREAD_MS = 5_000;
/** The time between two portions of devices. */
export const LOOK_AGAIN_STEP_MS = 50;

/** What else a node follows over the bus, and reads again; each part of it after another `afterMs()`, milliseconds. */
export interface Follower {
  lookAgain(afterMs: () => number): void;
}

/** What looking again is made of. */
export interface LookAgainParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly devices: DevicesHere;
  readonly followers: readonly Follower[];
  readonly log: Log;
  readonly randomness: Randomness;
}

/** After deliveries may have been lost, reads again what devices of this node follow; those in calls come first. */
export class LookAgain {
  readonly #parts: LookAgainParts;
  #stopHearing: (() => void) | undefined;
  #timer: Timer | undefined;
  /** A gap came during a round: what was read in it may be older. */
  #isDueAgain = false;

  constructor(parts: LookAgainParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopHearing = this.#parts.bus.onGap(() => this.#hear());
  }

  stop(): void {
    this.#stopHearing?.();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#isDueAgain = false;
  }

  #hear(): void {
    if (this.#timer) this.#isDueAgain = true;
    else this.#beginLater();
  }

  #beginLater(): void {
    this.#timer = this.#parts.clock.after(this.#within(LOOK_AGAIN_START_MS), () => this.#begin());
  }

  #within(ms: number): number {
    const [part = 0] = this.#parts.randomness.bytes(1);
    return Math.floor((part * ms) / 256);
  }

  #begin(): void {
    const { devices, followers } = this.#parts;
    // What came until here is read now.
    this.#isDueAgain = false;
    for (const follower of followers) {
      follower.lookAgain(() => this.#within(LOOK_AGAIN_SPREAD_MS));
    }
    const all = devices.all();
    const first = all.filter((device) => device.isInCall());
    const rest = all.filter((device) => !device.isInCall());
    const portions = LOOK_AGAIN_SPREAD_MS / LOOK_AGAIN_STEP_MS;
    this.#go([...first, ...rest], Math.ceil(all.length / portions));
  }

  #go(devices: readonly DeviceHere[], portion: number): void {
    for (const device of devices.slice(0, portion)) {
      device.lookAgain().catch((error: unknown) => {
        // Its next heartbeat does the same.
        this.#parts.log.debug({ err: error, user: device.user }, 'a device could not look again');
      });
    }
    const rest = devices.slice(portion);
    if (rest.length > 0) {
      this.#timer = this.#parts.clock.after(LOOK_AGAIN_STEP_MS, () => this.#go(rest, portion));
      return;
    }
    this.#timer = undefined;
    if (this.#isDueAgain) this.#beginLater();
  }
}
