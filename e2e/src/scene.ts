import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchChromium } from './browser.ts';
import { Device } from './device.ts';
import { Network } from './network.ts';
import { expectRecords } from './records.ts';
import { Rest } from './rest.ts';
import { scriptOf } from './scripts.ts';
import { ServerProcess } from './server-process.ts';
import { writeTone } from './tone.ts';

const DEVICE_PAGE = `<!doctype html>
<html lang="en">
<title>A device</title>
<video id="local" autoplay muted playsinline></video>
<video id="remote" autoplay playsinline></video>
<script src="/e2e/device.js"></script>
</html>`;

/** A server, a browser and its devices. Each test has users of its own, and leaves one record per call. */
export class Scene {
  /** How many calls the test makes; each must have left its record. */
  calls = 1;
  #server: ServerProcess | undefined;
  #browser: Browser | undefined;
  #folder = '';
  #test = 0;
  #contexts: BrowserContext[] = [];
  #networks: Network[] = [];
  #users = new Set<string>();

  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('The scene is not open.');
    return this.#server;
  }

  get rest(): Rest {
    return new Rest(this.server.url);
  }

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ringline-tone-'));
    const tone = await writeTone(this.#folder);
    [this.#browser, this.#server] = await Promise.all([
      launchChromium([`--use-file-for-fake-audio-capture=${tone}`]),
      ServerProcess.start(),
    ]);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  begin(): void {
    this.#test++;
    this.calls = 1;
    this.#users = new Set();
  }

  async end(): Promise<void> {
    try {
      await expectRecords(this.rest, [...this.#users], this.calls);
    } finally {
      await Promise.all(this.#contexts.map((context) => context.close()));
      this.#contexts = [];
      for (const network of this.#networks) network.close();
      this.#networks = [];
    }
  }

  /** The id of a user whom only this test knows. */
  user(name: string): string {
    const user = `${name}-${this.#test}`;
    this.#users.add(user);
    return user;
  }

  /** A window of its own, with a probe in each of its pages. */
  async window(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    if (this.#browser === undefined) throw new Error('The scene is not open.');
    const context = await this.#browser.newContext({ locale: 'en-US', ...options });
    this.#contexts.push(context);
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

  /** A connected device that reaches the server over a network of its own. */
  async deviceOn(network: Network, name: string): Promise<Device> {
    return this.#device(name, network.url);
  }

  /** A network that ends with the test. */
  async network(): Promise<Network> {
    const network = await Network.open(this.server.url);
    this.#networks.push(network);
    return network;
  }

  async #device(name: string, url = this.server.url): Promise<Device> {
    const context = await this.window();
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
    const device = new Device(this.user(name.replace(/\d+$/, '')), name, page);
    await device.connect(await this.rest.token(device.user));
    return device;
  }
}

/** A scene for the tests of one file; after each test the records are counted. */
export function useScene(): Scene {
  const scene = new Scene();
  beforeAll(() => scene.open());
  beforeEach(() => scene.begin());
  afterEach(() => scene.end());
  afterAll(() => scene.close());
  return scene;
}
