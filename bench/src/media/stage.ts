import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import {
  Internet,
  Rest,
  ServerProcess,
  TurnServer,
  hasCoturn,
  launchChromium,
  writeTone,
} from '@ringline/e2e';
import { PageServer } from './page-server.ts';
import type { Mode } from './plan.ts';
import { Side } from './side.ts';

/** What lies between the two devices. */
export interface Lines {
  readonly name: string;
  /** What the line of each device takes in each direction; 0: everything on this machine's loopback. */
  readonly delayMs: number;
}

/** A server, a relay where there is one, and two browsers on equal lines. */
export class Stage {
  readonly #closers: (() => unknown)[] = [];
  #browsers: readonly [Browser, Browser] | undefined;
  #rest: Rest | undefined;
  #pageUrl = '';
  #serverUrl = '';
  #users = 0;

  /** Opens the stage; what it has made is gone after `close()`. */
  static async open({ delayMs }: Lines): Promise<Stage> {
    const stage = new Stage();
    try {
      await (delayMs === 0 ? stage.#openHere() : stage.#openFar(delayMs));
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** A caller and a callee who were never there before. */
  async pair(mode: Mode): Promise<{ readonly caller: Side; readonly callee: Side }> {
    const number = this.#users++;
    const sides = ['alice', 'bob'].map(async (name, place) => {
      const browser = this.#browsers?.[place];
      if (browser === undefined || this.#rest === undefined) throw new Error('not open');
      const user = `${name}-${number}`;
      const token = await this.#rest.token(user);
      const signIn = { url: this.#serverUrl, token, deviceId: user, preconnect: mode };
      return Side.open(browser, this.#pageUrl, user, signIn);
    });
    const [caller, callee] = await Promise.all(sides);
    if (caller === undefined || callee === undefined) throw new Error('not open');
    return { caller, callee };
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
    this.#closers.length = 0;
  }

  async #openHere(): Promise<void> {
    const pages = await this.#pages();
    const server = await this.#server({});
    const flags = [await this.#tone()];
    const browsers = [await launchChromium(flags), await launchChromium(flags)] as const;
    this.#closers.push(() => Promise.all(browsers.map((browser) => browser.close())));
    this.#browsers = browsers;
    this.#pageUrl = pages.url;
    this.#serverUrl = server.url;
  }

  async #openFar(delayMs: number): Promise<void> {
    const internet = await Internet.open();
    this.#closers.push(() => internet.close());
    const pages = await this.#pages();
    const pageUrl = await internet.serve(pages.url);
    const server = await this.#server({ ALLOWED_ORIGINS: pageUrl }, internet);
    this.#serverUrl = await internet.serve(server.url);
    this.#pageUrl = pageUrl;
    const options = { state: { delayMs }, flags: [await this.#tone()] };
    const homes = [await internet.join('caller', options), await internet.join('callee', options)];
    const [caller, callee] = homes.map(({ browser }) => browser);
    if (caller !== undefined && callee !== undefined) this.#browsers = [caller, callee];
  }

  async #pages(): Promise<PageServer> {
    const pages = await PageServer.start();
    this.#closers.push(() => pages.stop());
    return pages;
  }

  async #server(settings: Record<string, string>, internet?: Internet): Promise<ServerProcess> {
    const server = await ServerProcess.start({ ...settings, ...(await this.#turn(internet)) });
    this.#closers.push(() => server.stop());
    this.#rest = new Rest(server.url);
    return server;
  }

  async #turn(internet?: Internet): Promise<Record<string, string>> {
    if (!hasCoturn) return {};
    const turn = await TurnServer.start(internet);
    this.#closers.push(() => turn.stop());
    // The server allows everything, so that each client may choose.
    const { secret, urls } = turn;
    return { TURN_URLS: urls.join(','), TURN_SECRET: secret, PRECONNECT: 'direct' };
  }

  async #tone(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'ringline-tone-'));
    this.#closers.push(() => rm(folder, { recursive: true }));
    return `--use-file-for-fake-audio-capture=${await writeTone(folder)}`;
  }
}
