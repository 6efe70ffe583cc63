import type { Browser } from 'playwright-core';
import type { Line } from './line.ts';
import type { Namespace } from './namespace.ts';

/** Where a device lives: a network of its own, one browser in it, and one or two lines out. */
export class Home {
  readonly lines: readonly Line[];
  readonly browser: Browser;
  readonly #namespace: Namespace;
  #isClosed = false;

  constructor(namespace: Namespace, lines: readonly Line[], browser: Browser) {
    this.#namespace = namespace;
    this.lines = lines;
    this.browser = browser;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.browser.close();
    for (const line of this.lines) await line.remove();
    await this.#namespace.remove();
  }
}
