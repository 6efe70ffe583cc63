import type { Call } from '@ringline/client';
import { CALLER_GRACE_MS, PING_IN_CALL_MS } from '@ringline/protocol';
import type { Cluster } from './cluster.ts';
import type { SimulatedDevice } from './device.ts';
import type { Trouble } from './trouble.ts';

/** A phone may ring this long after its call's ring timeout: the way of the last word. */
export const RING_TOLERANCE_MS = 1_000;
/** And this long after the page of the caller died: until that is seen, and then the grace. */
const ORPHAN_RING_MS = 2 * PING_IN_CALL_MS + CALLER_GRACE_MS;

/** Looks at every phone that rings, and remembers those that ring past their time. */
export class RingingWatch {
  readonly ghosts: string[] = [];
  readonly #cluster: Cluster;
  readonly #trouble: Trouble;
  readonly #toleranceMs: number;
  readonly #isAnswering: (call: Call) => boolean;

  constructor(cluster: Cluster, trouble: Trouble, isAnswering: (call: Call) => boolean) {
    this.#cluster = cluster;
    this.#trouble = trouble;
    // One node may say when, and another how long from now.
    this.#toleranceMs = RING_TOLERANCE_MS + cluster.doubtMs;
    this.#isAnswering = isAnswering;
  }

  /** Checks all devices at this moment. */
  async look(devices: readonly SimulatedDevice[], now: number): Promise<void> {
    for (const device of devices) {
      // A machine that sleeps makes no sound.
      if (device.page?.clock.isAsleep) continue;
      for (const call of device.client?.calls ?? []) {
        if (rings(call) && !this.#isAnswering(call)) await this.#check(device, call, devices, now);
      }
    }
  }

  async #check(
    device: SimulatedDevice,
    { id, state }: Call,
    devices: readonly SimulatedDevice[],
    now: number,
  ): Promise<void> {
    const [first] = await this.#cluster.store.log(id);
    if (first?.after.state !== 'inviting') return;
    const { expiresAt, caller } = first.after;
    const lateMs = now - expiresAt;
    if (lateMs > this.#toleranceMs) {
      this.ghosts.push(`${device.name} is ${state} in ${id}, ${lateMs} ms after its ring timeout`);
    }
    const from = devices.find(({ name }) => name === caller.device);
    const deadMs = from && !from.page ? now - this.#quietSince(from, device) : 0;
    if (deadMs > ORPHAN_RING_MS + this.#toleranceMs) {
      this.ghosts.push(`${device.name} rings in ${id}, ${deadMs} ms after its caller died`);
    }
  }

  /** Since when nothing but the death of the caller can have happened: what the bus loses waits for a heartbeat. */
  #quietSince(from: SimulatedDevice, to: SimulatedDevice): number {
    if (this.#cluster.weather.busLoss > 0) return Infinity;
    const { serversTroubledUntil } = this.#trouble;
    return Math.max(serversTroubledUntil, from.troubledUntil, to.troubledUntil);
  }
}

function rings(call: Call): boolean {
  return call.direction === 'incoming' && (call.state === 'inviting' || call.state === 'ringing');
}
