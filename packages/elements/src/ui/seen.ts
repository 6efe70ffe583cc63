import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Knows whether an element is on the screen of somebody who looks at this page. */
export class Seen implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #changed: () => void;
  #observer: IntersectionObserver | undefined;
  #isOnScreen = false;

  /** `changed` runs when it comes to the screen or leaves it. */
  constructor(host: ReactiveControllerHost & Element, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
    host.addController(this);
  }

  get isSeen(): boolean {
    return this.#isOnScreen && !document.hidden;
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver((entries) => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting === true;
      this.#changed();
    });
    this.#observer.observe(this.#host);
    document.addEventListener('visibilitychange', this.#changed);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#isOnScreen = false;
    document.removeEventListener('visibilitychange', this.#changed);
  }
}
