import type { DeviceId, SignalReceived } from '@ringline/protocol';

/** Kept of one device; more would be an attack: it sends about 30 for one connection. */
const MOST = 200;

/** Signals that came before the view which makes sense of them. */
export class EarlySignals {
  #kept: SignalReceived[] = [];

  keep(signal: SignalReceived): void {
    const { length } = this.#kept.filter(({ from }) => from === signal.from);
    if (length < MOST) this.#kept.push(signal);
  }

  /** Those of this device and epoch, in order; its older ones are dropped, newer ones kept on. */
  take(from: DeviceId, epoch: number): SignalReceived[] {
    const due = this.#kept.filter((each) => each.epoch === epoch && each.from === from);
    this.#kept = this.#kept.filter((each) => each.epoch > epoch || each.from !== from);
    return due;
  }
}
