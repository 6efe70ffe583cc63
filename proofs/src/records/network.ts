import type { OpenSocket, Socket } from '@ringline/client';
import { openWebSocket } from '@ringline/client';

const NORMAL_CLOSURE = 1000;
/** What is opened without a network: it never opens, and never fails. */
const NOWHERE: Socket = { send: () => {}, close: () => {} };

/** The network of one phone: it can be gone for good, and media can fail to flow over it. */
export class Network {
  /** The phone never says that it receives media, because it receives none. */
  isDeaf = false;
  /** Heartbeats are answered on the way: nobody learns from them what it has missed. */
  isHeartless = false;
  #isGone = false;
  #socket: Socket | undefined;
  readonly #openSocket = openWebSocket((url) => new WebSocket(url));

  readonly open: OpenSocket = (url, events) => {
    if (this.#isGone) return NOWHERE;
    const socket = this.#openSocket(url, events);
    this.#socket = socket;
    return {
      send: (text) => {
        const type = typeOf(text);
        if (this.#isGone || (this.isDeaf && type === 'connected')) return;
        if (this.isHeartless && type === 'heartbeat') return events.text(alive());
        socket.send(text);
      },
      close: (code, reason) => socket.close(code, reason),
    };
  };

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
