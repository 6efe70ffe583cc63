import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { build } from 'vite';
import { eventually } from './device.ts';
import type { Scene } from './scene.ts';

const ROOT = fileURLToPath(new URL('../../apps/softphone', import.meta.url));

/** Builds the page that the server serves, as it is in the sources. */
export async function buildSoftphone(): Promise<void> {
  await build({ root: ROOT, logLevel: 'warn', build: { emptyOutDir: true } });
}

/** A person at a page with a `<ringline-phone>`, who sees what is on the screen and clicks. */
export class Softphone {
  readonly user: string;
  readonly name: string;
  readonly page: Page;

  constructor(user: string, page: Page) {
    this.user = user;
    // As unique as the id: everybody on the server is listed by name.
    this.name = `Dr ${user}`;
    this.page = page;
  }

  /** Opens the softphone in a window of its own, or in a tab of a given one, and signs in. */
  static async signIn(scene: Scene, name: string, window?: BrowserContext): Promise<Softphone> {
    const context = window ?? (await scene.window());
    const page = await context.newPage();
    const phone = new Softphone(scene.user(name), page);
    await page.goto(scene.server.url);
    await phone.#signIn();
    return phone;
  }

  async #signIn(): Promise<void> {
    await this.page.locator('input[name="user"]').fill(this.user);
    await this.page.locator('input[name="name"]').fill(this.name);
    await this.page.locator('button[type="submit"]').click();
    await this.isSignedIn();
  }

  async isSignedIn(): Promise<void> {
    const connection = this.page.getByTestId('connection');
    await eventually(() => connection.getAttribute('data-state')).toBe('connected');
    await eventually(() => this.page.getByTestId('me').innerText()).toBe(this.name);
  }

  /** Clicks what has exactly this name. */
  async click(name: string): Promise<void> {
    await this.button(name).click();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Somebody else's line in the list of people. */
  rowOf({ user }: Softphone): Locator {
    return this.page.getByTestId('people').locator(`[data-user="${user}"]`);
  }

  /** Waits until the call area says this. */
  async reads(status: string | RegExp): Promise<void> {
    // A call that rings stands before what is left of the last one.
    const line = this.page.getByTestId('call-status').first();
    await eventually(() => line.innerText()).toMatch(status);
  }

  /** Opens a section of the phone. */
  async open(section: 'contacts' | 'calls' | 'messages' | 'settings'): Promise<void> {
    await this.page.locator(`nav [data-section="${section}"]`).click();
  }

  /** What a section's badge counts, in the words of the page; empty without one. */
  badge(section: 'calls' | 'messages'): Promise<string> {
    const told = this.page.locator(`nav [data-section="${section}"] .sr-only`);
    return told.allInnerTexts().then((words) => words.join());
  }

  /** Opens the conversation with somebody. */
  async openConversation({ user }: Softphone): Promise<void> {
    await this.open('messages');
    await this.page.getByTestId('conversations').locator(`[data-peer="${user}"] .main`).click();
  }

  /** How far the messages of this page's user have come in the open conversation, the oldest first. */
  progress(): Promise<string[]> {
    return this.page.getByTestId('messages').locator('.under .tick').allInnerTexts();
  }

  /** The outcomes of past calls, newest first. */
  outcomes(): Promise<(string | null)[]> {
    const rows = this.page.getByTestId('history').locator('[data-call]');
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-outcome')));
  }

  /** The messages of the open conversation. */
  messages(): Promise<string[]> {
    return this.page.getByTestId('messages').locator('.bubble p').allTextContents();
  }

  /** Waits until both pictures are shown and move. */
  async seesBothPictures(): Promise<void> {
    for (const which of ['remote-video', 'local-video']) {
      const video = this.page.getByTestId(which);
      await eventually(() => video.isVisible()).toBe(true);
      const framesOf = () =>
        video.evaluate((element: HTMLVideoElement) => {
          return element.getVideoPlaybackQuality().totalVideoFrames;
        });
      const before = await framesOf();
      await eventually(framesOf).toBeGreaterThan(before + 5);
    }
  }
}
