import type { CallId, DeviceId, SignalReceived } from '@ringline/protocol';

/** The newest of all calls; a device sends about 30 for one connection. */
const MOST = 400;

/** Signals that came before the view which makes sense of them, of every call. */
export class EarlySignals {
  #kept: SignalReceived[] = [];

  keep(signal: SignalReceived): void {
    this.#kept = [...this.#kept, signal].slice(-MOST);
  }

  /** Those of this device and epoch, in order; its older ones are dropped, newer ones kept on. */
  take(call: CallId, from: DeviceId, epoch: number): SignalReceived[] {
    const mine = this.#kept.filter((each) => each.call === call && each.from === from);
    this.#kept = this.#kept.filter((each) => !mine.includes(each) || each.epoch > epoch);
    return mine.filter((each) => each.epoch === epoch);
  }

  /** The call is over. */
  drop(call: CallId): void {
    this.#kept = this.#kept.filter((each) => each.call !== call);
  }
}
