import { Network } from '../network.ts';
import { launchChromium } from '../browser.ts';
import { Home } from './home.ts';
import { Line } from './line.ts';
import { Namespace } from './namespace.ts';

/** How a home is joined. */
export interface HomeOptions {
  /** Names of its interfaces; the first is up. */
  readonly lines?: readonly string[];
  /** What each packet takes over a line, in either direction. */
  readonly delayMs?: number;
  /** Of its browser. */
  readonly flags?: readonly string[];
}

/** Where servers are found: in no home's network. */
const ADDRESS = '198.18.255.1';
const PORT = 8080;

/** A network of the test's own that nothing outside reaches: homes, their lines, and servers in the middle. */
export class Internet {
  readonly namespace: Namespace;
  readonly address = ADDRESS;
  /** The addresses of homes, from the range that is set aside for benchmarks (RFC 2544). */
  readonly peers = '198.18.0.0-198.19.255.255';
  /** Where homes find the server, and the origin of its pages, which they take for secure. */
  readonly url = `http://${ADDRESS}:${PORT}`;
  readonly #homes: Home[] = [];
  #server: Network | undefined;
  #lines = 0;

  private constructor(namespace: Namespace) {
    this.namespace = namespace;
  }

  static async open(): Promise<Internet> {
    const namespace = await Namespace.create('internet');
    await namespace.ip('addr', 'add', `${ADDRESS}/32`, 'dev', 'lo');
    await namespace.forward();
    return new Internet(namespace);
  }

  /** Puts a server of this machine there. */
  async serve(url: string): Promise<void> {
    this.#server = Network.over(await this.namespace.listen(ADDRESS, PORT), url);
  }

  /** A home with a browser; its first line is up. */
  async join(label: string, options: HomeOptions = {}): Promise<Home> {
    const { lines: names = ['wlan0'], delayMs = 0, flags = [] } = options;
    const home = await Namespace.create(label);
    const lines: Line[] = [];
    for (const name of names) {
      const number = ++this.#lines;
      lines.push(await Line.lay({ home, internet: this.namespace, number, name, delayMs }));
    }
    await lines[0]?.up();
    const secure = `--unsafely-treat-insecure-origin-as-secure=${this.url}`;
    const joined = new Home(home, lines, await launchChromium([secure, ...flags], home));
    this.#homes.push(joined);
    return joined;
  }

  async close(): Promise<void> {
    for (const home of this.#homes) await home.close();
    this.#server?.close();
    await this.namespace.remove();
  }
}
