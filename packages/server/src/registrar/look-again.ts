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
  #isBusy = false;
  #isStopped = false;
  /** A gap came during a round: what was read in it may be older. */
  #isDueAgain = false;

  constructor(parts: LookAgainParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopHearing = this.#parts.bus.onGap(() => this.#hear());
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopHearing?.();
    this.#timer?.cancel();
  }

  #hear(): void {
    if (this.#isBusy) this.#isDueAgain = true;
    else this.#beginLater();
  }

  #beginLater(): void {
    this.#isBusy = true;
    const ms = this.#within(LOOK_AGAIN_START_MS);
    this.#timer = this.#parts.clock.after(ms, () => void this.#round());
  }

  #within(ms: number): number {
    const [part = 0] = this.#parts.randomness.bytes(1);
    return Math.floor((part * ms) / 256);
  }

  async #round(): Promise<void> {
    const { devices, followers } = this.#parts;
    // What came until here is read now.
    this.#isDueAgain = false;
    for (const follower of followers) {
      follower.lookAgain(() => this.#within(LOOK_AGAIN_SPREAD_MS));
    }
    const all = devices.all();
    const first = all.filter((device) => device.isInCall());
    const rest = all.filter((device) => !device.isInCall());
    await this.#readAll([...first, ...rest]);
    this.#end();
  }

  #end(): void {
    if (this.#isStopped) return;
    this.#isBusy = false;
    if (this.#isDueAgain) this.#beginLater();
  }

  /** A store that is slow, which may be why there was a gap, has one portion to read at a time. */
  async #readAll(devices: readonly DeviceHere[]): Promise<void> {
    const portion = Math.ceil(devices.length / (LOOK_AGAIN_SPREAD_MS / LOOK_AGAIN_STEP_MS));
    for (let i = 0; i < devices.length && !this.#isStopped; i += portion) {
      const reading = devices.slice(i, i + portion).map((device) => this.#read(device));
      await Promise.all([...reading, this.#step()]);
    }
  }

  async #read(device: DeviceHere): Promise<void> {
    try {
      await device.lookAgain();
    } catch (error) {
      // Its next heartbeat does the same.
      this.#parts.log.debug({ err: error, user: device.user }, 'a device could not look again');
    }
  }

  #step(): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = this.#parts.clock.after(LOOK_AGAIN_STEP_MS, resolve);
    });
  }
}
