import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Where a connection goes, and the name by which it can be cut. */
export interface Target {
  readonly name: string;
  readonly port: number;
}

/** A network between two programs of this machine: it can be slow, silent, cut, or gone. */
export class TcpProxy {
  /** Bytes of both directions arrive so much later. */
  delayMs = 0;
  /** Whether new connections are reset at once. */
  isGone = false;
  readonly #server: Server;
  readonly #choose: () => Target;
  readonly #connections = new Set<Connection>();
  #silent: ReadonlySet<string> = new Set();

  private constructor(server: Server, choose: () => Target) {
    this.#server = server;
    this.#choose = choose;
    server.on('connection', (socket) => this.#take(socket));
  }

  /** Listens on a free port of loopback; asks for each connection where it goes. */
  static async open(choose: () => Target): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, choose);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The target of each connection. */
  get targets(): readonly string[] {
    return [...this.#connections].map(({ name }) => name);
  }

  /** Resets all connections, or those to that target. */
  cut(name?: string): void {
    for (const each of this.#connections) if ((name ?? each.name) === each.name) each.reset();
  }

  /** Holds whatever is on its way to or from these targets: neither side learns anything. */
  silence(...names: readonly string[]): void {
    this.#silent = new Set(names);
    for (const each of this.#connections) each.go();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(near: Socket): void {
    if (this.isGone) return void near.resetAndDestroy();
    const { name, port } = this.#choose();
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const weather = {
      delayMs: () => this.delayMs,
      isSilent: () => this.#silent.has(name),
    };
    const connection = new Connection(name, [near, far], weather);
    this.#connections.add(connection);
    const forget = () => this.#connections.delete(connection);
    near.once('close', forget);
  }
}

interface Weather {
  delayMs(): number;
  isSilent(): boolean;
}

/** Two sockets, each of which gets what the other brings. */
class Connection {
  readonly name: string;
  readonly #sockets: readonly [Socket, Socket];
  readonly #ways: readonly Way[];

  constructor(name: string, sockets: readonly [Socket, Socket], weather: Weather) {
    this.name = name;
    this.#sockets = sockets;
    const [near, far] = sockets;
    this.#ways = [new Way(near, far, weather), new Way(far, near, weather)];
  }

  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** The weather has changed. */
  go(): void {
    for (const way of this.#ways) way.go();
  }
}

/** One direction: what is on its way arrives in order. */
class Way {
  readonly #weather: Weather;
  readonly #under: { readonly at: number; readonly arrive: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, weather: Weather) {
    this.#weather = weather;
    from.setNoDelay();
    from.on('data', (bytes) => this.#send(() => void (to.writable && to.write(bytes))));
    from.on('end', () => this.#send(() => void to.end()));
    // An error is followed by the close.
    from.on('error', () => {});
    from.on('close', () => this.#send(() => void to.destroy()));
  }

  go(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (!this.#weather.isSilent()) {
      const [first] = this.#under;
      if (!first) return;
      const inMs = first.at - Date.now();
      if (inMs > 0) {
        this.#timer = setTimeout(() => this.go(), inMs);
        return;
      }
      this.#under.shift();
      first.arrive();
    }
  }

  #send(arrive: () => void): void {
    this.#under.push({ at: Date.now() + this.#weather.delayMs(), arrive });
    if (this.#under.length === 1) this.go();
  }
}
