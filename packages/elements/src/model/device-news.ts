import type { Call, DeviceReplaced, RinglineClient } from '@ringline/client';
import { Changing } from './changing.ts';
import type { Phone } from './phone.ts';
import type { Clock, Timer } from './ringing-ports.ts';

/** How long one may take to read that another device took over. */
export const NEWS_MS = 8_000;

/** What became of the devices of a call: for a moment that another one took over, until there is one that there is none. */
export class DeviceNews extends Changing {
  readonly #byCall = new WeakMap<Call, DeviceReplaced>();
  readonly #phone: Pick<Phone, 'stage'>;
  readonly #clock: Clock;
  #fading: Timer | undefined;

  constructor(client: Pick<RinglineClient, 'on'>, phone: Pick<Phone, 'stage'>, clock: Clock) {
    super();
    this.#phone = phone;
    this.#clock = clock;
    client.on('deviceReplaced', (change) => this.#hear(change));
  }

  /** What is to be said of a call's devices just now. */
  of(call: Call): DeviceReplaced | undefined {
    return this.#byCall.get(call);
  }

  #hear(change: DeviceReplaced): void {
    const { stage } = this.#phone;
    if (stage.kind !== 'call') return;
    const { call } = stage;
    this.#fading?.cancel();
    this.#byCall.set(call, change);
    if (change.to !== undefined) {
      this.#fading = this.#clock.after(NEWS_MS, () => {
        this.#byCall.delete(call);
        this.changed();
      });
    }
    this.changed();
  }
}
