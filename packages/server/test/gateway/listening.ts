import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { Socket } from '../../src/gateway/socket.ts';
import { CONNECT_PATH, WsUpgrade } from '../../src/gateway/ws-upgrade.ts';
import type { UpgradeParts } from '../../src/gateway/ws-upgrade.ts';
import { allowedOrigins } from '../../src/http/origins.ts';
import type { HttpTimeouts } from '../../src/http/app.ts';
import { APP_ORIGIN, createTestApp } from '../http/fixture.ts';

/** One accepted socket, with all that it told. */
export class Accepted {
  readonly frames: string[] = [];
  readonly socket: Socket;
  readonly closed: Promise<number>;
  pongs = 0;
  #onFrame: (() => void) | undefined;
  #onPong: (() => void) | undefined;
  #onClosed!: (code: number) => void;

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => (this.#onClosed = resolve));
  }

  readonly events = {
    text: (frame: string) => {
      this.frames.push(frame);
      this.#onFrame?.();
    },
    pong: () => {
      this.pongs++;
      this.#onPong?.();
    },
    closed: (code: number) => this.#onClosed(code),
  };

  async frame(): Promise<string> {
    if (this.frames.length === 0) await new Promise<void>((resolve) => (this.#onFrame = resolve));
    return this.frames.shift() ?? '';
  }

  async pong(): Promise<void> {
    if (this.pongs === 0) await new Promise<void>((resolve) => (this.#onPong = resolve));
  }
}

type Given = Partial<UpgradeParts> & { readonly timeouts?: HttpTimeouts };

/** A server on a free port of loopback that takes every socket and keeps it. */
export async function listening({ timeouts, ...given }: Given = {}) {
  const { app, readiness, log } = createTestApp(timeouts && { timeouts });
  const accepted: Accepted[] = [];
  const upgrade = new WsUpgrade(app.server, {
    allowsOrigin: allowedOrigins('production', [APP_ORIGIN]),
    readiness,
    maxConnections: 10,
    log,
    ...given,
  });
  upgrade.open((socket) => {
    const one = new Accepted(socket);
    accepted.push(one);
    return one.events;
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await upgrade.close();
    await app.close();
  });
  const { port } = app.server.address() as AddressInfo;
  return { app, upgrade, accepted, readiness, port };
}

/** A connected device, and its socket at the server. */
export async function connected(
  server: Awaited<ReturnType<typeof listening>>,
  options: ClientOptions = {},
): Promise<{ client: WebSocket; one: Accepted }> {
  const client = new WebSocket(`ws://127.0.0.1:${server.port}${CONNECT_PATH}`, options);
  await once(client, 'open');
  const one = server.accepted.at(-1);
  if (!one) throw new Error('nothing was accepted');
  return { client, one };
}

/** The HTTP answer to a handshake that is not taken. */
export async function refusedWith(
  port: number,
  { path = CONNECT_PATH, ...options }: ClientOptions & { path?: string } = {},
) {
  const client = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  client.on('error', () => undefined);
  const [, response] = await once(client, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode as number, headers: response.headers, body };
}

/** How a client's socket was closed. */
export async function closeOf(client: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}

/** A bare TCP connection, for clients that keep to no protocol. */
export async function tcp(port: number): Promise<TcpSocket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** A handshake as it goes over the wire. */
export function handshake(path = CONNECT_PATH, headers: readonly string[] = []): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** All that the server says until it has closed its side. */
export async function everythingFrom(socket: TcpSocket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await once(socket, 'end');
  return text;
}
