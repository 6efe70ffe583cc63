/** How far the fetching of something is. */
export type LoadState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Fetches one thing at a time, and knows how the last try went. */
export class Loading {
  #state: LoadState = { kind: 'unknown' };
  #running: Promise<void> | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get state(): LoadState {
    return this.#state;
  }

  /** Whether it was ever asked for. */
  get isBegun(): boolean {
    return this.#state.kind !== 'unknown';
  }

  /** Runs unless it runs already; how it went is told by `state`, never by a rejection. */
  run(load: () => Promise<void>): Promise<void> {
    this.#running ??= this.#attempt(load).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #attempt(load: () => Promise<void>): Promise<void> {
    this.#enter({ kind: 'loading' });
    try {
      await load();
      this.#enter({ kind: 'ready' });
    } catch (error) {
      this.#enter({ kind: 'failed', error });
    }
  }

  #enter(state: LoadState): void {
    this.#state = state;
    this.#changed();
  }
}
