import type { VirtualClock } from '../clock.ts';
import { End } from './end.ts';
import type { EndEvents, Frame } from './end.ts';
import { Pipe } from './pipe.ts';

/** The server's end of a wire; fits the gateway's socket port. */
export interface ServerSocket {
  send(text: string): void;
  /** Bytes that wait because the wire is cut or stalled. */
  readonly queuedBytes: number;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** What the server's end tells its connection. */
export interface ServerSocketEvents {
  text(frame: string): void;
  pong(): void;
  closed(code: number): void;
}

/** A listening server: takes a new socket and returns what it shall tell. */
export type AcceptSocket = (socket: ServerSocket) => ServerSocketEvents;

/** The device's end of a wire; fits the SDK's socket port. */
export interface ClientSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** What the device's end tells the SDK. */
export interface ClientSocketEvents {
  opened(): void;
  text(frame: string): void;
  closed(code: number): void;
}

export type WireSide = 'client' | 'server';

/** How a wire behaves. */
export interface WireOptions {
  /** The server that listens; absent or undefined: nobody does, and the client is refused. */
  readonly accept?: AcceptSocket | undefined;
  /** Milliseconds one way, fixed or drawn for each frame; 20 unless given. */
  readonly delayMs?: number | (() => number);
  /** Whether a text is delivered twice, as no TCP connection does: for tests of repeated commands. */
  readonly double?: (from: WireSide, text: string) => boolean;
  /** Sees every text as it is sent. */
  readonly watch?: (from: WireSide, text: string) => void;
}

/**
 * A WebSocket connection in memory, under a virtual clock. As TCP it keeps the order and loses nothing
 * while it lives; it can be cut (nothing arrives and nobody is told, until it is restored), stalled
 * for a while, dropped (both ends are told), and either end's process can be killed.
 */
export class Wire {
  /** The device's end. */
  readonly client: ClientSocket;
  readonly #clock: VirtualClock;
  readonly #options: WireOptions;
  readonly #up: Pipe<Frame>;
  readonly #down: Pipe<Frame>;
  readonly #clientEnd: End;
  #serverEnd: End | undefined;
  #isCut = false;
  #isServerDead = false;

  constructor(clock: VirtualClock, events: ClientSocketEvents, options: WireOptions = {}) {
    const delayMs = options.delayMs ?? 20;
    const delay = typeof delayMs === 'number' ? () => delayMs : delayMs;
    this.#clock = clock;
    this.#options = options;
    this.#up = new Pipe(clock, delay, (frame) => this.#atServer(frame));
    this.#down = new Pipe(clock, delay, (frame) => this.#clientEnd.receive(frame));
    this.#clientEnd = this.#makeClientEnd(events);
    this.client = clientSocketOf(this.#clientEnd);
    this.#up.push({ kind: 'connect' });
  }

  /** Whether both ends think that they are connected. */
  get isOpen(): boolean {
    return this.#clientEnd.state === 'open' && this.#serverEnd?.state === 'open';
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Cuts the cable: nothing arrives any more, in either direction, and nobody is told. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    for (const pipe of [this.#up, this.#down]) pipe.hold();
  }

  /** Mends a cut: what was sent meanwhile arrives, as TCP sends it again. */
  restore(): void {
    if (!this.#isCut) return;
    this.#isCut = false;
    for (const pipe of [this.#up, this.#down]) pipe.release();
  }

  /** Nothing arrives at this side (at both unless given) for so many milliseconds. */
  stall(ms: number, towards?: WireSide): void {
    const pipes = towards === undefined ? [this.#up, this.#down] : [this.#pipeTo(towards)];
    for (const pipe of pipes) pipe.hold();
    this.#clock.after(ms, () => {
      for (const pipe of pipes) pipe.release();
    });
  }

  /** Breaks the connection: what is on its way is lost, and both ends are told in a moment. */
  drop(): void {
    for (const pipe of [this.#up, this.#down]) pipe.empty();
    this.#clientEnd.lose();
    this.#serverEnd?.lose();
  }

  /** The process at this side dies: it is told nothing any more; the other learns it unless cut off. */
  kill(side: WireSide): void {
    if (side === 'server') this.#isServerDead = true;
    const end = side === 'client' ? this.#clientEnd : this.#serverEnd;
    end?.die();
  }

  #pipeTo(side: WireSide): Pipe<Frame> {
    return side === 'client' ? this.#down : this.#up;
  }

  #makeEnd(side: WireSide, events: EndEvents): End {
    const out = side === 'client' ? this.#up : this.#down;
    const { double, watch } = this.#options;
    const copies = (text: string) => {
      watch?.(side, text);
      return double?.(side, text) === true ? 2 : 1;
    };
    return new End({ clock: this.#clock, out, events, copies });
  }

  #makeClientEnd(events: ClientSocketEvents): End {
    const end: End = this.#makeEnd('client', {
      open: () => events.opened(),
      text: (text) => {
        // A browser's WebSocket delivers nothing once its page has closed it.
        if (end.state === 'open') events.text(text);
      },
      pong: () => {},
      closed: (code) => events.closed(code),
    });
    return end;
  }

  #atServer(frame: Frame): void {
    if (frame.kind === 'connect') this.#answerConnect();
    else this.#serverEnd?.receive(frame);
  }

  #answerConnect(): void {
    const { accept } = this.#options;
    if (accept === undefined || this.#isServerDead) this.#down.push({ kind: 'reset' });
    else this.#accept(accept);
  }

  #accept(accept: AcceptSocket): void {
    const told: { events?: ServerSocketEvents } = {};
    const end = this.#makeEnd('server', {
      open: () => {},
      text: (text) => told.events?.text(text),
      pong: () => told.events?.pong(),
      closed: (code) => told.events?.closed(code),
    });
    this.#serverEnd = end;
    this.#down.push({ kind: 'accepted' });
    end.receive({ kind: 'accepted' });
    told.events = accept(serverSocketOf(end));
  }
}

function clientSocketOf(end: End): ClientSocket {
  return {
    send: (text) => end.send(text),
    close: (code, reason) => end.close(code, reason),
  };
}

function serverSocketOf(end: End): ServerSocket {
  return {
    send: (text) => end.send(text),
    get queuedBytes() {
      return end.waitingBytes;
    },
    ping: () => end.ping(),
    close: (code, reason) => end.close(code, reason),
    terminate: () => end.terminate(),
  };
}
