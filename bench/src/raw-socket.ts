import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FrameReader, OPCODE, clientFrame } from './frames.ts';

const END_OF_HEAD = '\r\n\r\n';

/** A WebSocket client with next to no cost of its own; it throws when the server closes it. */
export class RawSocket {
  /** Takes each text message, as bytes that are good during the call only. */
  hear: (payload: Buffer) => void = () => undefined;
  readonly #socket: Socket;
  readonly #reader = new FrameReader((opcode, payload) => this.#take(opcode, payload));

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when the server has taken the WebSocket. */
  static async open(url: string): Promise<RawSocket> {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    const raw = new RawSocket(socket);
    socket.write(upgradeRequest(hostname, pathname));
    raw.#begin(await headOf(socket));
    return raw;
  }

  /** Writes a frame made by `clientFrame`. */
  write(frame: Buffer): void {
    this.#socket.write(frame);
  }

  say(text: string): void {
    this.write(clientFrame(text));
  }

  /** Resolves with the next text message. */
  next(): Promise<string> {
    return new Promise((resolve) => {
      this.hear = (payload) => {
        this.hear = () => undefined;
        resolve(payload.toString());
      };
    });
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #begin(rest: Buffer): void {
    this.#socket.on('data', (chunk: Buffer) => this.#reader.read(chunk));
    this.#socket.on('close', () => {
      throw new Error('the server closed a connection');
    });
    this.#reader.read(rest);
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.text) this.hear(payload);
    else if (opcode === OPCODE.ping) this.write(clientFrame(payload, OPCODE.pong));
    else if (opcode === OPCODE.close) {
      throw new Error(`closed with ${payload.readUInt16BE(0)}: ${payload.toString('utf8', 2)}`);
    }
  }
}

function upgradeRequest(host: string, path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '',
    '',
  ].join('\r\n');
}

/** Reads the answer to the upgrade, and returns what came after it. */
async function headOf(socket: Socket): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (!head.includes(END_OF_HEAD)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    head = Buffer.concat([head, chunk]);
  }
  const text = head.toString('latin1');
  if (!text.startsWith('HTTP/1.1 101 ')) throw new Error(`not upgraded: ${text}`);
  return head.subarray(text.indexOf(END_OF_HEAD) + END_OF_HEAD.length);
}
