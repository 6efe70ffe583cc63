import type { DeviceId, SignalReceived } from '@ringline/protocol';

/** More would be an attack: a device sends about 30 for one connection. */
const MOST = 200;

/** Signals that came before the view which makes sense of them. */
export class EarlySignals {
  #kept: SignalReceived[] = [];

  keep(signal: SignalReceived): void {
    if (this.#kept.length < MOST) this.#kept.push(signal);
  }

  /** Those of this device and epoch, in order; older ones are dropped, newer ones kept on. */
  take(from: DeviceId, epoch: number): SignalReceived[] {
    const due = this.#kept.filter((each) => each.epoch === epoch && each.from === from);
    this.#kept = this.#kept.filter((each) => each.epoch > epoch);
    return due;
  }
}
