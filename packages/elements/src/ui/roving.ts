import type { ReactiveController, ReactiveControllerHost } from 'lit';

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  Home: () => 0,
  End: (_at, last) => last,
  PageDown: (at, last) => Math.min(at + 10, last),
  PageUp: (at) => Math.max(at - 10, 0),
};

type Host = ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };

/**
 * One row of a list is in the order of the Tab key, the arrow keys move between rows: past a list of a
 * thousand people it takes one Tab, not three thousand.
 */
export class Roving implements ReactiveController {
  readonly #host: Host;
  #current: string | undefined;
  #keys: readonly string[] = [];

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {}

  /** The rows of this rendering, by key, as they follow each other. */
  begin(keys: readonly string[]): void {
    this.#keys = keys;
    if (this.#current === undefined || !keys.includes(this.#current)) this.#current = keys[0];
  }

  /** For every button of a row. */
  tabIndexOf(key: string): 0 | -1 {
    return key === this.#current ? 0 : -1;
  }

  /** For `focusin` of the list. */
  readonly focused = (event: Event): void => {
    const key = rowOf(event)?.dataset['key'];
    if (key === undefined || key === this.#current) return;
    this.#current = key;
    this.#host.requestUpdate();
  };

  /** For `keydown` of the list. */
  readonly pressed = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const key = rowOf(event)?.dataset['key'];
    if (step === undefined || key === undefined || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    const next = this.#keys[step(this.#keys.indexOf(key), this.#keys.length - 1)];
    if (next === undefined) return;
    const row = this.#host.renderRoot.querySelector(`[data-key="${CSS.escape(next)}"]`);
    row?.querySelector<HTMLElement>('.main')?.focus();
  };
}

function rowOf(event: Event): HTMLElement | null {
  const { target } = event;
  return target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
}
