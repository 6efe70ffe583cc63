import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

const fileAt = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8');
const KEY = fileAt('key.pem');
/** Of `calls.test`, signed by itself, for a hundred years: `openssl req -x509 -newkey ec … -days 36500`. */
export const CERTIFICATE = fileAt('certificate.pem');

/** One request as a customer's server had it. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answering = (received: Received, response: ServerResponse) => void;

/** A customer's server on a free port of this machine. */
export class Receiver {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections that were ever opened. */
  connections = 0;
  #answer: Answering;

  constructor(answer: Answering = (_received, response) => void response.end(), tls = false) {
    this.#answer = answer;
    const handle = (request: IncomingMessage, response: ServerResponse) =>
      void this.#receive(request, response);
    this.#server = tls
      ? createTlsServer({ cert: CERTIFICATE, key: KEY }, handle)
      : createServer(handle);
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Resolves with its address, as in `http://127.0.0.1:40000`. */
  async listen(scheme = 'http'): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `${scheme}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  answer(how: Answering): void {
    this.#answer = how;
  }

  get open(): number {
    return this.#sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method, url: path, headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
    this.received.push(received);
    this.#answer(received, response);
  }
}
