import type { Call } from '@ringline/client';
import type { Store } from '@ringline/server';
import type { SimulatedDevice } from './device.ts';

/** A phone may ring this long after its call's ring timeout: the way of the last word. */
export const RING_TOLERANCE_MS = 1_000;

/** Looks at every phone that rings, and remembers those that ring past their time. */
export class RingingWatch {
  readonly ghosts: string[] = [];
  readonly #store: Store;

  readonly #isAnswering: (call: Call) => boolean;

  constructor(store: Store, isAnswering: (call: Call) => boolean) {
    this.#store = store;
    this.#isAnswering = isAnswering;
  }

  /** Checks all devices at this moment. */
  async look(devices: readonly SimulatedDevice[], now: number): Promise<void> {
    for (const device of devices) {
      // A machine that sleeps makes no sound.
      if (device.page?.clock.isAsleep) continue;
      for (const call of device.client?.calls ?? []) {
        if (rings(call) && !this.#isAnswering(call)) await this.#check(device.name, call, now);
      }
    }
  }

  async #check(device: string, { id, state }: Call, now: number): Promise<void> {
    const [first] = await this.#store.log(id);
    if (first?.after.state !== 'inviting') return;
    const lateMs = now - first.after.expiresAt;
    if (lateMs > RING_TOLERANCE_MS) {
      this.ghosts.push(`${device} is ${state} in ${id}, ${lateMs} ms after its ring timeout`);
    }
  }
}

function rings(call: Call): boolean {
  return call.direction === 'incoming' && (call.state === 'inviting' || call.state === 'ringing');
}
