import type { BrowserContext, Page } from 'playwright-core';
import { scriptOf } from './scripts.ts';

/** One look at the gallery. */
export interface Look {
  readonly state: string;
  readonly theme: 'light' | 'dark';
  readonly lang: 'en' | 'zh-CN';
}

const ADDRESS = 'http://localhost/gallery';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ringline</title>
<style>
body { margin: 0; }
main { height: 100dvh; }
h1 { position: absolute; clip-path: inset(50%); margin: 0; }
</style>
</head>
<body><main><h1>Ringline</h1></main><script src="/gallery.js"></script></body>
</html>`;

/** Every state of the UI kit on a page of its own, without a server. */
export class Gallery {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(context: BrowserContext): Promise<Gallery> {
    const body = await scriptOf('gallery');
    await context.route('**/*', (route) =>
      route.request().url().endsWith('/gallery.js')
        ? route.fulfill({ contentType: 'text/javascript; charset=utf-8', body })
        : route.fulfill({ contentType: 'text/html; charset=utf-8', body: PAGE }),
    );
    return new Gallery(await context.newPage());
  }

  get page(): Page {
    return this.#page;
  }

  /** The names of all states. */
  async states(): Promise<readonly string[]> {
    await this.#page.goto(ADDRESS);
    return this.#page.evaluate(() => window.gallery.states);
  }

  /** Shows a state, until it has done what it does after its first frame; for a picture, until nothing moves any more. */
  async show({ state, theme, lang }: Look, settleMs = SETTLE_MS): Promise<void> {
    await this.#page.goto(`${ADDRESS}?${new URLSearchParams({ state, theme, lang }).toString()}`);
    await this.#page.waitForTimeout(settleMs);
  }

  /** Shows the same state in another theme and size. */
  async repaint(theme: Look['theme'], size: { width: number; height: number }): Promise<void> {
    await this.#page.setViewportSize(size);
    await this.#page.evaluate((wanted) => {
      const phone = document.querySelector('ringline-phone');
      if (phone !== null) phone.theme = wanted;
      return phone?.updateComplete;
    }, theme);
  }
}

/** Long enough for what a state does after its first frame, and for two looks at whether a picture moves. */
const SETTLE_MS = 900;
