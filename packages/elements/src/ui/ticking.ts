import type { ReactiveControllerHost } from 'lit';

/** Often enough that what counts seconds is never much late. */
const TICK_MS = 500;

/** Draws an element anew while it shows something that counts. */
export class Ticking {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host;
  }

  /** Whether it counts just now. */
  follow(isOn: boolean): void {
    if (isOn === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = isOn ? setInterval(() => this.#host.requestUpdate(), TICK_MS) : undefined;
  }
}
