import type { OpenSocket, Socket } from '@ringline/client';
import { openWebSocket } from '@ringline/client';

const NORMAL_CLOSURE = 1000;
/** What is opened without a network: it never opens, and never fails. */
const NOWHERE: Socket = { send: () => {}, close: () => {} };

/** A socket of a phone, in epoch milliseconds. */
interface Attempt {
  readonly from: number;
  until?: number;
  /** With which it was closed, by whomever: 4000 by a phone that has waited for too long. */
  code?: number;
}

/** So many are kept: those since the phone had its last server are fewer. */
const KEPT_ATTEMPTS = 32;

/** The network of one phone: it can be gone for good, and media can fail to flow over it. */
export class Network {
  /** The phone never says that it receives media, because it receives none. */
  isDeaf = false;
  /** Heartbeats are answered on the way: nobody learns from them what it has missed. */
  isHeartless = false;
  #isGone = false;
  #socket: Socket | undefined;
  #attempts: readonly Attempt[] = [];
  readonly #openSocket = openWebSocket((url) => new WebSocket(url));

  readonly open: OpenSocket = (url, events) => {
    if (this.#isGone) return NOWHERE;
    const attempt: Attempt = { from: Date.now() };
    this.#attempts = [...this.#attempts, attempt].slice(-KEPT_ATTEMPTS);
    const isOver = (code: number) => {
      attempt.until ??= Date.now();
      attempt.code ??= code;
    };
    const socket = this.#openSocket(url, {
      ...events,
      closed: (code) => {
        isOver(code);
        events.closed(code);
      },
    });
    this.#socket = socket;
    return {
      send: (text) => {
        const type = typeOf(text);
        if (this.#isGone || (this.isDeaf && type === 'connected')) return;
        if (this.isHeartless && type === 'heartbeat') return events.text(alive());
        socket.send(text);
      },
      close: (code, reason) => {
        isOver(code);
        socket.close(code, reason);
      },
    };
  };

  /** What came of the attempts to reach a server since then, as in `0.4–10.4 s: 4000`; the last may have come to something. */
  attemptsSince(since: number): readonly string[] {
    const second = (at: number) => ((at - since) / 1000).toFixed(1);
    return this.#attempts
      .filter(({ from }) => from >= since)
      .map(({ from, until, code }) =>
        until === undefined ? `${second(from)}–` : `${second(from)}–${second(until)} s: ${code}`,
      );
  }

  /** Whether it is gone for good. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** From now on nothing goes out, and nothing comes in. */
  goAway(): void {
    this.#isGone = true;
    this.#socket?.close(NORMAL_CLOSURE, '');
  }
}

function typeOf(text: string): string {
  return (JSON.parse(text) as { readonly type: string }).type;
}

/** What a server says to a device that has missed nothing. */
function alive(): string {
  return JSON.stringify({ type: 'alive', at: Date.now(), gone: [] });
}
