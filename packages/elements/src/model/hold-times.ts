import type { Call } from '@ringline/client';
import type { Phone } from './phone.ts';
import type { Stage } from './stage.ts';

/** How long this side has held its calls, as far as this page saw it. */
export class HoldTimes {
  readonly #phone: Pick<Phone, 'stage' | 'aside' | 'watch'>;
  readonly #now: () => number;
  readonly #since = new WeakMap<Call, number>();
  /** Held already when this page saw them first. */
  readonly #held = new WeakSet<Call>();
  readonly #seen = new WeakSet<Call>();

  /** `now` gives epoch milliseconds. */
  constructor(phone: Pick<Phone, 'stage' | 'aside' | 'watch'>, now: () => number) {
    this.#phone = phone;
    this.#now = now;
    phone.watch(() => this.#look());
  }

  /** For how many milliseconds; undefined while it is not held, and of a hold from before the page was loaded. */
  lengthOf(stage: Stage): number | undefined {
    const since = stage.kind === 'call' ? this.#since.get(stage.call) : undefined;
    return since === undefined ? undefined : Math.max(0, this.#now() - since);
  }

  #look(): void {
    for (const stage of [this.#phone.stage, this.#phone.aside]) this.#lookAt(stage);
  }

  #lookAt(stage: Stage): void {
    if (stage.kind !== 'call') return;
    const { call } = stage;
    if (call.restored && call.localHold && !this.#seen.has(call)) this.#held.add(call);
    this.#seen.add(call);
    if (call.localHold) return this.#note(call);
    this.#since.delete(call);
    this.#held.delete(call);
  }

  #note(call: Call): void {
    if (!this.#held.has(call) && !this.#since.has(call)) this.#since.set(call, this.#now());
  }
}
