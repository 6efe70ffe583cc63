import { Network } from '../network.ts';
import { launchChromium } from '../browser.ts';
import { Home } from './home.ts';
import { Line } from './line.ts';
import type { LineState } from './line.ts';
import { Namespace } from './namespace.ts';

/** How a home is joined. */
export interface HomeOptions {
  /** Names of its interfaces; the first is up. */
  readonly lines?: readonly string[];
  /** How well its lines carry, in either direction; they can change then. */
  readonly state?: Partial<LineState>;
  /** Of its browser. */
  readonly flags?: readonly string[];
}

/** Where servers are found: in no home's network. */
const ADDRESS = '198.18.255.1';
/** The port of the first server; the others follow. */
const PORT = 8080;

/** A network of the test's own that nothing outside reaches: homes, their lines, and servers in the middle. */
export class Internet {
  readonly namespace: Namespace;
  readonly address = ADDRESS;
  /** The addresses of homes, from the range that is set aside for benchmarks (RFC 2544). */
  readonly peers = '198.18.0.0-198.19.255.255';
  /** Where homes find the first server: an origin that they take for secure. */
  readonly url = urlOf(PORT);
  readonly #homes: Home[] = [];
  readonly #servers: Network[] = [];
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

  /** Puts a server of this machine there; gives its address, as homes know it. */
  async serve(url: string): Promise<string> {
    const listener = await this.namespace.listen(ADDRESS, PORT + this.#servers.length);
    const server = Network.over(listener, url);
    this.#servers.push(server);
    return server.url;
  }

  /** A home with a browser; its first line is up. */
  async join(label: string, options: HomeOptions = {}): Promise<Home> {
    const { lines: names = ['wlan0'], state, flags = [] } = options;
    const home = await Namespace.create(label);
    const lines: Line[] = [];
    for (const name of names) {
      const number = ++this.#lines;
      lines.push(await Line.lay({ home, internet: this.namespace, number, name, state }));
    }
    await lines[0]?.up();
    const secure = `--unsafely-treat-insecure-origin-as-secure=${this.url}`;
    const joined = new Home(
      home,
      lines,
      await launchChromium([secure, ...flags], { namespace: home }),
    );
    this.#homes.push(joined);
    return joined;
  }

  async close(): Promise<void> {
    for (const home of this.#homes) await home.close();
    for (const server of this.#servers) server.close();
    await this.namespace.remove();
  }
}

function urlOf(port: number): string {
  return `http://${ADDRESS}:${port}`;
}
