import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Onset, Traffic } from '../../pages/meter.ts';
import type { SignIn } from '../../pages/party.ts';
import type { CallState } from '@ringline/client';

/** What takes longer than this counts as never. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 20;

/** One side of a measured call: a page in a browser, driven from here. */
export class Side {
  readonly user: string;
  readonly #page: Page;

  private constructor(user: string, page: Page) {
    this.user = user;
    this.#page = page;
  }

  /** Opens the page in a window of its own and signs in. */
  static async open(
    browser: Browser,
    pageUrl: string,
    user: string,
    options: SignIn,
  ): Promise<Side> {
    const context = await browser.newContext();
    await context.grantPermissions(['camera', 'microphone', 'local-network-access']);
    const page = await context.newPage();
    await page.goto(pageUrl);
    await page.evaluate((signIn) => window.party.signIn(signIn), options);
    return new Side(user, page);
  }

  async call({ user }: Side): Promise<void> {
    await this.#page.evaluate((to) => window.party.call(to), user);
  }

  /** Accepts; gives the instant at which that was asked for. */
  accept(): Promise<number> {
    return this.#page.evaluate(() => window.party.accept());
  }

  async end(): Promise<void> {
    await this.#page.evaluate(() => window.party.end());
  }

  /** Holds; gives the instant at which that was asked for. */
  hold(): Promise<number> {
    return this.#page.evaluate(() => window.party.hold());
  }

  /** Resumes; gives the instant at which that was asked for. */
  resume(): Promise<number> {
    return this.#page.evaluate(() => window.party.resume());
  }

  async removeVideo(): Promise<void> {
    await this.#page.evaluate(() => window.party.removeVideo());
  }

  /** Asks for a picture; gives the instant at which that was done. */
  addVideo(): Promise<number> {
    return this.#page.evaluate(() => window.party.addVideo());
  }

  /** Waits until it is asked for a picture, and agrees; gives the instant at which that was done. */
  async replyVideo(): Promise<number> {
    await this.#until(async () =>
      (await this.#page.evaluate(() => window.party.isAsked)) ? true : undefined,
    );
    return this.#page.evaluate(() => window.party.replyVideo());
  }

  /** From now on the next sound and the next picture count as first. */
  async listenAgain(): Promise<void> {
    await this.#page.evaluate(() => window.party.listenAgain());
  }

  /** Loads the page anew; gives the instant at which that was asked for. */
  async reload(): Promise<number> {
    const at = performance.timeOrigin + performance.now();
    await this.#page.reload({ waitUntil: 'commit' });
    return at;
  }

  /** Waits until its call is in this state. */
  async isIn(state: CallState): Promise<void> {
    const seen = await this.#until(async () => {
      const now = await this.#page.evaluate(() => window.party.state);
      return now === state ? now : undefined;
    });
    if (seen === undefined) throw new Error(`${this.user}: the call never was ${state}.`);
  }

  /** Milliseconds from an instant to the first sound or picture after it; undefined when none came. */
  async first(what: Onset['what'], since: number, madeAfter = 0): Promise<number | undefined> {
    const at = await this.#until(() =>
      this.#page.evaluate((of) => window.party.firstSince(...of), [
        what,
        since,
        madeAfter,
      ] as const),
    );
    return at === undefined ? undefined : at - since;
  }

  traffic(): Promise<Traffic> {
    return this.#page.evaluate(() => window.party.traffic());
  }

  readStats(times: number): Promise<void> {
    return this.#page.evaluate((count) => window.party.readStats(count), times);
  }

  /** What all processes of its browser have used so far. */
  async cpuMs(): Promise<number> {
    const session = await this.#page.context().browser()?.newBrowserCDPSession();
    const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
    await session?.detach();
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  }

  timesDevicesOpened(): Promise<number> {
    return this.#page.evaluate(() => window.party.timesDevicesOpened);
  }

  devicesOpenSince(): Promise<number> {
    return this.#page.evaluate(() => window.party.devicesOpenSince);
  }

  async close(): Promise<void> {
    await this.#page.context().close();
  }

  async #until<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      await sleep(LOOK_EVERY_MS);
    }
    return undefined;
  }
}
