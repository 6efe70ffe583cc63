import type { WebSocket } from 'ws';
import type { AcceptSocket, Socket } from './socket.ts';

/** RFC 6455 §7.4.1: this end does not take this type of data. */
const UNSUPPORTED_DATA = 1003;

/** RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

/** A `ws` socket behind our port. */
class WsSocket implements Socket {
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  get queuedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  send(text: string): void {
    if (this.#isOpen) this.#ws.send(text);
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

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }
}

/** Gives the socket to its connection and tells that what happens to it. */
export function connect(ws: WebSocket, accept: AcceptSocket): void {
  const events = accept(new WsSocket(ws));
  ws.on('message', (data: Buffer, isBinary) => {
    // After our own close, what still arrives is nobody's business.
    if (ws.readyState !== ws.OPEN) return;
    if (isBinary) ws.close(UNSUPPORTED_DATA, 'binary frames are not part of this protocol');
    else events.text(data.toString());
  });
  ws.on('pong', () => events.pong());
  ws.on('close', (code) => events.closed(code));
  // `ws` closes by itself after an error: 1009 too large, 1007 not UTF-8, 1002 not WebSocket.
  ws.on('error', () => undefined);
}
