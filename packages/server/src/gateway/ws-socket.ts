import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { AcceptSocket, Socket } from './socket.ts';
import { textFrames } from './text-frames.ts';

/** RFC 6455 §7.4.1: this end does not take this type of data. */
const UNSUPPORTED_DATA = 1003;

/** RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123;

/** Gathered texts leave early beyond this: one system call takes no more at a time. */
const MAX_GATHERED = 64 * 1024;

/** A `ws` socket behind our port. */
class WsSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #stream: Duplex;
  /** Texts of this tick, that leave together: a system call costs more than a frame. */
  #gathered: string[] | undefined;
  #gatheredLength = 0;

  constructor(ws: WebSocket, stream: Duplex) {
    this.#ws = ws;
    this.#stream = stream;
  }

  get queuedBytes(): number {
    return this.#ws.bufferedAmount + this.#gatheredLength;
  }

  send(text: string): void {
    if (!this.#isOpen) return;
    if (!this.#gathered) {
      this.#gathered = [];
      process.nextTick(letGo, this);
    }
    this.#gathered.push(text);
    this.#gatheredLength += text.length;
    if (this.#gatheredLength > MAX_GATHERED) this.letGo();
  }

  ping(): void {
    this.letGo();
    if (this.#isOpen) this.#ws.ping();
  }

  close(code: number, reason: string): void {
    this.letGo();
    const bytes = Buffer.from(reason).subarray(0, MAX_REASON_BYTES);
    // Cutting may have split the last character; a reason must be UTF-8 (§5.5.1).
    this.#ws.close(code, bytes.toString().replace(/\uFFFD$/, ''));
  }

  terminate(): void {
    this.#ws.terminate();
  }

  /** Writes what is gathered beside `ws`, which takes two writes for each frame. */
  letGo(): void {
    const texts = this.#gathered;
    if (!texts) return;
    this.#gathered = undefined;
    this.#gatheredLength = 0;
    // Nothing may follow a close frame (§5.5.1), and `ws` answers the client's by itself.
    if (this.#isOpen) this.#stream.write(textFrames(texts));
  }

  get #isOpen(): boolean {
    return this.#ws.readyState === this.#ws.OPEN;
  }
}

function letGo(socket: WsSocket): void {
  socket.letGo();
}

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
  ws.on('error', () => undefined);
}
