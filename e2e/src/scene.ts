import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchChromium } from './browser.ts';
import type { Wishes } from '../pages/device.ts';
import { Device, eventually } from './device.ts';
import type { Home } from './net/home.ts';
import { Internet } from './net/internet.ts';
import type { HomeOptions } from './net/internet.ts';
import { Network } from './network.ts';
import { expectRecords } from './records.ts';
import { Rest } from './rest.ts';
import { scriptOf } from './scripts.ts';
import { startServer } from '@ringline/proofs';
import type { Server, Settings } from '@ringline/proofs';
import { writeTone } from './tone.ts';
import { TurnServer } from './turn-server.ts';
import { untouched } from './untouched.ts';

const DEVICE_PAGE = `<!doctype html>
<html lang="en">
<title>A device</title>
<video id="local" autoplay muted playsinline></video>
<video id="remote" autoplay playsinline></video>
<script src="/e2e/device.js"></script>
</html>`;

/** A page that does not load, or a button that is not there, by then has another trouble than a busy machine. */
const PAGE_TIMEOUT_MS = 90_000;

/** What a node logs once its voice can be heard. */
const VOICE_STARTED = 'the voice is ready';

/** What a scene has beside a server and a browser. */
export interface SceneOptions {
  /** Settings of the server. */
  readonly settings?: Settings;
  /** A coturn, whose credentials the server gives out. */
  readonly turn?: boolean;
  /** A network of its own, for homes with lines that can be cut. */
  readonly internet?: boolean;
  /** Permissions count: a page gets a microphone or camera while its context is granted it. */
  readonly askUser?: boolean;
  /** Tests act on the pages without gestures of the user, but for those of `page.mouse` and the like. */
  readonly untouched?: boolean;
  /** Of the browser, beside the usual ones. */
  readonly flags?: readonly string[];
}

/** Where a device is: at the server's own address in the scene's browser, unless it is said. */
interface Whereabouts {
  readonly url?: string;
  readonly browser?: Browser;
  readonly hasTabId?: boolean;
  readonly wishes?: Wishes;
}

/** A server, a browser and its devices. Each test has users of its own, and leaves one record per call. */
export class Scene {
  /** How many calls the test makes; each must have left its record. */
  calls = 1;
  readonly #options: SceneOptions;
  #server: Server | undefined;
  #browser: Browser | undefined;
  #internet: Internet | undefined;
  #forbidden: string[] = [];
  #turn: TurnServer | undefined;
  #tone = '';
  #folder = '';
  #test = 0;
  #contexts: BrowserContext[] = [];
  #browsers: Browser[] = [];
  #networks: Network[] = [];
  #homes: Home[] = [];
  #users = new Set<string>();

  constructor(options: SceneOptions = {}) {
    this.#options = options;
  }

  get server(): Server {
    return opened(this.#server);
  }

  get turn(): TurnServer {
    return opened(this.#turn);
  }

  get rest(): Rest {
    return new Rest(this.server.url, this.server.addresses);
  }

  async open(): Promise<void> {
    const { turn, internet, askUser = false, flags = [] } = this.#options;
    this.#folder = await mkdtemp(join(tmpdir(), 'ringline-tone-'));
    this.#tone = `--use-file-for-fake-audio-capture=${await writeTone(this.#folder)}`;
    if (internet === true) this.#internet = await Internet.open();
    if (turn === true) this.#turn = await TurnServer.start(this.#internet);
    [this.#browser, this.#server] = await Promise.all([
      launchChromium([this.#tone, ...flags], { askUser }),
      startServer(this.#settings()),
    ]);
    await this.#internet?.serve(this.#server.url);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
    await this.#turn?.stop();
    await this.#internet?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async begin(): Promise<void> {
    this.#test++;
    this.#forbidden = [];
    this.calls = 1;
    this.#users = new Set();
    if (this.#options.settings?.['VOICE'] !== 'off') await this.#hasVoice();
  }

  /** Counts the records, unless the test failed: it may have left a call as it was. */
  async end(hasFailed: boolean): Promise<void> {
    try {
      if (!hasFailed) await expectRecords(this.rest, [...this.#users], this.calls);
      if (this.#forbidden.length > 0) throw new Error(this.#forbidden.join('\n'));
    } finally {
      await Promise.all(this.#contexts.map((context) => context.close()));
      this.#contexts = [];
      await Promise.all(this.#browsers.map((browser) => browser.close()));
      this.#browsers = [];
      for (const network of this.#networks) network.close();
      this.#networks = [];
      for (const home of this.#homes) await home.close();
      this.#homes = [];
    }
  }

  /** The id of a user whom only this test knows. */
  user(name: string): string {
    const user = `${name}-${this.#test}`;
    this.#users.add(user);
    return user;
  }

  /** A window of its own, with a probe in each of its pages. */
  async window(
    options: BrowserContextOptions = {},
    browser = opened(this.#browser),
  ): Promise<BrowserContext> {
    const context = await browser.newContext({ locale: 'en-US', ...options });
    this.#contexts.push(context);
    context.setDefaultTimeout(PAGE_TIMEOUT_MS);
    context.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.#forbidden.push(message.text());
    });
    await context.addInitScript({ content: await scriptOf('probe') });
    return context;
  }

  /** Connected devices by name: `bob2` is a device of the user `bob`. */
  async devices<const Names extends readonly string[]>(
    ...names: Names
  ): Promise<{ [K in keyof Names]: Device }> {
    const devices = await Promise.all(names.map((name) => this.#device(name)));
    return devices as { [K in keyof Names]: Device };
  }

  /** Connected devices, as `devices` gives them, which tell the server this of themselves. */
  async devicesThat<const Names extends readonly string[]>(
    wishes: Wishes,
    ...names: Names
  ): Promise<{ [K in keyof Names]: Device }> {
    const devices = await Promise.all(names.map((name) => this.#device(name, { wishes })));
    return devices as { [K in keyof Names]: Device };
  }

  /** A connected device with call waiting, in a browser of its own whose microphone sounds at this pitch. */
  async deviceSounding(hertz: number, name: string): Promise<Device> {
    const tone = await writeTone(this.#folder, hertz);
    const browser = await launchChromium([`--use-file-for-fake-audio-capture=${tone}`]);
    this.#browsers.push(browser);
    return this.#device(name, { browser, wishes: { callWaiting: true } });
  }

  /** A connected device whose id is that of its tab, as an app's is. */
  async tab(name: string): Promise<Device> {
    return this.#device(name, { hasTabId: true });
  }

  /** A connected device that reaches the server over a network of its own. */
  async deviceOn(network: Network, name: string): Promise<Device> {
    return this.#device(name, { url: network.url });
  }

  /** A connected device whose browser is in a home. */
  async deviceIn(home: Home, name: string): Promise<Device> {
    return this.#device(name, { url: opened(this.#internet).url, browser: home.browser });
  }

  /** A home in the scene's internet, for this test. */
  async home(label: string, options: HomeOptions = {}): Promise<Home> {
    const flags = [this.#tone, ...(options.flags ?? [])];
    const home = await opened(this.#internet).join(label, { ...options, flags });
    this.#homes.push(home);
    return home;
  }

  /** A network that ends with the test. */
  async network(): Promise<Network> {
    const network = await Network.open(this.server.url);
    this.#networks.push(network);
    return network;
  }

  /** Each node's voice is a process of its own, which may start more slowly than pages come. */
  async #hasVoice(): Promise<void> {
    const { addresses } = this.server;
    const started = () => this.server.log.split(VOICE_STARTED).length - 1;
    await eventually(started).toBeGreaterThanOrEqual(addresses.length);
  }

  #settings(): Settings {
    const turn = this.#turn;
    return {
      ...(turn && { TURN_URLS: turn.urls.join(','), TURN_SECRET: turn.secret }),
      ...(this.#internet && { ALLOWED_ORIGINS: this.#internet.url }),
      ...this.#options.settings,
    };
  }

  async #device(name: string, where: Whereabouts = {}): Promise<Device> {
    const { url = this.server.url, browser, hasTabId = false, wishes } = where;
    const context = await this.window({}, browser);
    // Served here and not by the server, so that a page loads while the server is away; the browser
    // then takes it for a page from somewhere else, which needs leave to reach this machine.
    await context.grantPermissions(['camera', 'microphone', 'local-network-access']);
    await context.route('**/e2e/device.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: DEVICE_PAGE }),
    );
    const body = await scriptOf('device');
    await context.route('**/e2e/device.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body }),
    );
    const page = await context.newPage();
    await page.goto(`${url}/e2e/device.html`);
    const device = new Device(
      this.user(name.replace(/\d+$/, '')),
      hasTabId ? undefined : name,
      this.#options.untouched === true ? await untouched(page) : page,
    );
    await device.connect(await this.rest.token(device.user), wishes);
    return device;
  }
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('The scene does not have this, or is not open.');
  return part;
}

/** A scene for the tests of one file; after each test the records are counted. */
export function useScene(options: SceneOptions = {}): Scene {
  const scene = new Scene(options);
  beforeAll(() => scene.open());
  beforeEach(() => scene.begin());
  afterEach(({ task }) => scene.end(task.result?.state === 'fail'));
  afterAll(() => scene.close());
  return scene;
}
