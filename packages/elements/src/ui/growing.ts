import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** About ten screens of rows: what is further down is put into the page when somebody gets near. */
const STEP = 100;
/** How near the end of the rows that is, in pixels. */
const NEAR = 800;

/** How many rows of a long list are in the page. */
export class Growing implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #atEnd: () => void;
  #limit = STEP;
  #total = 0;

  /** `atEnd` runs when the end of everything comes near, perhaps again and again. */
  constructor(host: ReactiveControllerHost, atEnd: () => void = () => {}) {
    this.#host = host;
    this.#atEnd = atEnd;
    host.addController(this);
  }

  hostConnected(): void {}

  /** The rows to show. */
  of<Row>(rows: readonly Row[]): readonly Row[] {
    this.#total = rows.length;
    return rows.slice(0, this.#limit);
  }

  /** Begins anew, as for another search. */
  reset(): void {
    this.#limit = STEP;
  }

  /** For `scroll` of the list. */
  readonly scrolled = (event: Event): void => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget as HTMLElement;
    if (scrollTop + clientHeight < scrollHeight - NEAR) return;
    if (this.#limit >= this.#total) return this.#atEnd();
    this.#limit += STEP;
    this.#host.requestUpdate();
  };
}
