import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE, CLOSE_MEANINGS, MAX_FRAME_BYTES } from '@ringline/protocol';
import { WebSocketServer } from 'ws';
import type { ServerOptions } from 'ws';
import type { AllowsOrigin } from '../http/origins.ts';
import type { Readiness } from '../http/readiness.ts';
import type { Log } from '../observe/log.ts';
import type { AcceptSocket } from './socket.ts';
import { connect } from './ws-socket.ts';

/** Where devices connect. */
export const CONNECT_PATH = '/v1/connect';

/** What decides whether a WebSocket is taken. */
export interface UpgradeParts {
  readonly allowsOrigin: AllowsOrigin;
  readonly readiness: Readiness;
  readonly maxConnections: number;
  readonly log: Log;
  /** How long a client may take to answer our close before its socket is dropped. */
  readonly closeTimeoutMs?: number;
}

/** A round trip on the worst of networks. */
const CLOSE_TIMEOUT_MS = 5_000;

/** When a client that was answered 503 may try again. */
const RETRY_AFTER_SECONDS = 5;

interface Refusal {
  readonly status: 403 | 404 | 503;
  readonly why: string;
}

/** Takes WebSockets at `/v1/connect` of an HTTP server, and knows all that are open. */
export class WsUpgrade {
  readonly #parts: UpgradeParts;
  readonly #server: WebSocketServer;
  #accept: AcceptSocket | undefined;

  constructor(server: Server, parts: UpgradeParts) {
    this.#parts = parts;
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      closeTimeout: parts.closeTimeoutMs ?? CLOSE_TIMEOUT_MS,
    };
    this.#server = new WebSocketServer(options);
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** From now on sockets are taken, and given to this; before, devices are told to come back. */
  open(accept: AcceptSocket): void {
    this.#accept = accept;
  }

  /** Sockets that are open or closing. */
  get count(): number {
    return this.#server.clients.size;
  }

  /** Closes whatever is still open with `leaving`; resolves when all are gone. Set the readiness before, or new ones come. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const { code } = CLOSE.leaving;
    for (const client of this.#server.clients) client.close(code, CLOSE_MEANINGS.leaving);
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const taken = this.#judge(request);
    if (typeof taken === 'function') {
      this.#server.handleUpgrade(request, socket, head, (ws) => connect(ws, socket, taken));
    } else {
      const { origin } = request.headers;
      this.#parts.log.debug({ ...taken, origin }, 'a socket was not taken');
      refuse(socket, taken);
    }
  }

  #judge({ url = '', headers: { origin } }: IncomingMessage): AcceptSocket | Refusal {
    const { allowsOrigin, readiness, maxConnections } = this.#parts;
    if (url.split('?', 1)[0] !== CONNECT_PATH) {
      return { status: 404, why: `connect at ${CONNECT_PATH}` };
    }
    // Only browsers send an origin, and only they carry strangers' pages (RFC 6455 §10.2).
    if (origin !== undefined && !allowsOrigin(origin)) {
      return { status: 403, why: `the origin ${origin} is not one of ALLOWED_ORIGINS` };
    }
    const reason = readiness.whyNot();
    if (reason !== undefined) return { status: 503, why: reason };
    if (this.count >= maxConnections) return { status: 503, why: 'too many connections' };
    return this.#accept ?? { status: 503, why: 'starting' };
  }
}

/** Answers in plain HTTP and lets go of the socket, whether or not the client does. */
function refuse(socket: Duplex, { status, why }: Refusal): void {
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(why)}`,
    ...(status === 503 ? [`Retry-After: ${RETRY_AFTER_SECONDS}`] : []),
  ];
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`${headers.join('\r\n')}\r\n\r\n${why}`);
}
