import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { AcceptSocket, Socket } from './socket.ts';

/** RFC 6455 §7.4.1: this end does not take this type of data. */
const UNSUPPORTED_DATA = 1003;

/** RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

/** Gathered frames leave early beyond this: one system call takes no more at a time. */
const MAX_GATHERED_BYTES = 64 * 1024;

/** A `ws` socket behind our port. */
class WsSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  #gathers = false;

  constructor(ws: WebSocket, stream: Duplex) {
    this.#ws = ws;
    this.#stream = stream;
  }

  get queuedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(text: string): void {
    if (!this.#isOpen) return;
    this.#gather();
    this.#ws.send(text);
    if (this.#stream.writableLength > MAX_GATHERED_BYTES) this.#letGo();
  }

  ping(): void {
    if (this.#isOpen) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    const bytes = Buffer.from(reason).subarray(0, MAX_REASON_BYTES);
    // Cutting may have split the last character; a reason must be UTF-8 (§5.5.1).
    this.#ws.close(code, bytes.toString().replace(/\uFFFD$/, ''));
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Frames of one tick leave together: a system call costs more than a frame. */
  #gather(): void {
    if (this.#gathers) return;
    this.#gathers = true;
    this.#stream.cork();
    process.nextTick(() => this.#letGo());
  }

  #letGo(): void {
    if (!this.#gathers) return;
    this.#gathers = false;
    this.#stream.uncork();
  }

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }
}

function ignore(): void {}

/** Gives the socket to its connection and tells that what happens to it. */
export function connect(ws: WebSocket, stream: Duplex, accept: AcceptSocket): void {
  const events = accept(new WsSocket(ws, stream));
  ws.on('message', (data: Buffer, isBinary) => {
    // After our own close, what still arrives is nobody's business.
    if (ws.readyState !== ws.OPEN) return;
    if (isBinary) ws.close(UNSUPPORTED_DATA, 'binary frames are not part of this protocol');
    else events.text(data.toString());
  });
  ws.on('pong', () => events.pong());
  ws.on('close', (code) => events.closed(code));
  // `ws` closes by itself after an error: 1009 too large, 1007 not UTF-8, 1002 not WebSocket.
  ws.on('error', ignore);
}
