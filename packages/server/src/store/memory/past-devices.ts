import type { LostDone, LostPortion } from '../past-devices.ts';
import type { MemoryCalls } from './calls.ts';
import type { MemoryDevices } from './devices.ts';

/** Removes devices that are gone for long. */
export class MemoryPastDevices {
  readonly #calls: MemoryCalls;
  readonly #devices: MemoryDevices;

  constructor(calls: MemoryCalls, devices: MemoryDevices) {
    this.#calls = calls;
    this.#devices = devices;
  }

  forget(before: number, { from, limit }: LostPortion): LostDone {
    const gone = this.#lostFrom(from)
      .filter(({ lostAt, login }) => lostAt < before && login === null)
      .filter(({ user }) => this.#calls.line(user).calls.length === 0)
      .slice(0, limit);
    for (const device of gone) this.#devices.remove(device);
    return { count: gone.length, nextFrom: this.#lostFrom(from)[0]?.lostAt ?? null };
  }

  /** In the order in which they were lost. */
  #lostFrom(from: number) {
    return this.#devices.all
      .flatMap((device) => (device.lostAt === null ? [] : { ...device, lostAt: device.lostAt }))
      .filter(({ lostAt }) => lostAt >= from)
      .toSorted((one, other) => one.lostAt - other.lostAt);
  }
}
