import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * The way from one device to the server, which can be cut: what is sent is then neither delivered
 * nor refused. (An offline browser context is not enough: Chromium goes on answering pings.)
 */
export class Network {
  readonly #to: URL;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(to: URL, listener: Server) {
    this.#to = to;
    this.#listener = listener;
    listener.on('connection', (near) => this.#join(near));
  }

  /** A way to the server at this address. */
  static async open(url: string): Promise<Network> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return Network.over(listener, url);
  }

  /** A way to the server at this address for those who come to this listener. */
  static over(listener: Server, url: string): Network {
    return new Network(new URL(url), listener);
  }

  /** Where the device finds the server. */
  get url(): string {
    const { address, port } = this.#listener.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  heal(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket): void {
    const far = connect(Number(this.#to.port), this.#to.hostname);
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => to.write(bytes));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.end();
    });
    if (this.#isCut) from.pause();
  }
}
