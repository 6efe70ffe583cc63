import { utf8Length } from '@ringline/protocol';
import type { Timer, VirtualClock } from '../clock.ts';
import type { Pipe } from './pipe.ts';

/** What travels on a wire: WebSocket frames (RFC 6455 §5), the handshake before, and TCP's reset. */
export type Frame =
  | { readonly kind: 'connect' | 'accepted' | 'ping' | 'pong' | 'reset' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** What an end tells its owner. */
export interface EndEvents {
  open(): void;
  text(frame: string): void;
  pong(): void;
  closed(code: number, reason: string): void;
}

/** What an end is made of. */
export interface EndParts {
  readonly clock: VirtualClock;
  readonly out: Pipe<Frame>;
  readonly events: EndEvents;
  /** Called with every text sent: how often the wire carries it. */
  readonly copies: (text: string) => number;
}

/** RFC 6455 §7.1.5: the code told to the owner when no closing frame came. */
const ABNORMAL = 1006;
/** How long an end waits for the answer to its closing frame: as the ws package does. */
const CLOSING_TIMEOUT_MS = 30_000;

/**
 * One end of a WebSocket.
 *
 *   connecting ──accepted──▶ open ──close──▶ closing ──closing frame──▶ closed
 *        └──────────────── reset, terminate: from every state ────────────▲
 */
export class End {
  state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  readonly #clock: VirtualClock;
  readonly #out: Pipe<Frame>;
  readonly #events: EndEvents;
  readonly #copies: (text: string) => number;
  #closingTimer: Timer | undefined;
  #isDeaf = false;

  constructor(parts: EndParts) {
    this.#clock = parts.clock;
    this.#out = parts.out;
    this.#events = parts.events;
    this.#copies = parts.copies;
  }

  get waitingBytes(): number {
    return this.#out.waitingBytes;
  }

  send(text: string): void {
    if (this.state !== 'open') return;
    const copies = this.#copies(text);
    for (let i = 0; i < copies; i++) this.#out.push({ kind: 'text', text }, utf8Length(text));
  }

  ping(): void {
    if (this.state === 'open') this.#out.push({ kind: 'ping' });
  }

  close(code: number, reason: string): void {
    if (this.state === 'connecting') this.terminate();
    if (this.state !== 'open') return;
    this.state = 'closing';
    this.#out.push({ kind: 'close', code, reason });
    this.#closingTimer = this.#clock.after(CLOSING_TIMEOUT_MS, () => this.terminate());
  }

  terminate(): void {
    if (this.state === 'closed') return;
    this.#out.push({ kind: 'reset' });
    this.lose();
  }

  /** This end's connection is gone; its owner learns it in a moment, the other end does not. */
  lose(): void {
    if (this.state === 'closed') return;
    this.#enterClosed();
    this.#clock.after(0, () => this.#tellClosed(ABNORMAL, ''));
  }

  /** The owner is gone: it is told nothing any more, and its system resets the connection. */
  die(): void {
    this.#isDeaf = true;
    this.terminate();
  }

  receive(frame: Frame): void {
    if (this.state === 'closed') return;
    switch (frame.kind) {
      case 'connect':
        return;
      case 'accepted':
        this.state = 'open';
        return this.#events.open();
      case 'text':
        return this.#events.text(frame.text);
      case 'ping':
        return this.#out.push({ kind: 'pong' });
      case 'pong':
        return this.#events.pong();
      case 'close':
        return this.#receiveClose(frame.code, frame.reason);
      case 'reset':
        this.#enterClosed();
        return this.#tellClosed(ABNORMAL, '');
    }
  }

  #receiveClose(code: number, reason: string): void {
    // RFC 6455 §5.5.1: an end that has not sent a closing frame answers with one.
    if (this.state === 'open') this.#out.push({ kind: 'close', code, reason });
    this.#enterClosed();
    this.#tellClosed(code, reason);
  }

  #enterClosed(): void {
    this.state = 'closed';
    this.#closingTimer?.cancel();
  }

  #tellClosed(code: number, reason: string): void {
    if (!this.#isDeaf) this.#events.closed(code, reason);
  }
}
