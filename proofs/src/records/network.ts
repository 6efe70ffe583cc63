import type { OpenSocket, Socket } from '@ringline/client';
import { openWebSocket } from '@ringline/client';

const NORMAL_CLOSURE = 1000;
/** What is opened without a network: it never opens, and never fails. */
const NOWHERE: Socket = { send: () => {}, close: () => {} };

/** The network of one phone: it can be gone for good, and media can fail to flow over it. */
export class Network {
  /** The phone never says that it receives media, because it receives none. */
  isDeaf = false;
  #isGone = false;
  #socket: Socket | undefined;
  readonly #openSocket = openWebSocket((url) => new WebSocket(url));

  readonly open: OpenSocket = (url, events) => {
    if (this.#isGone) return NOWHERE;
    const socket = this.#openSocket(url, events);
    this.#socket = socket;
    return {
      send: (text) => {
        if (this.#isGone || (this.isDeaf && isOfMedia(text))) return;
        socket.send(text);
      },
      close: (code, reason) => socket.close(code, reason),
    };
  };

  /** From now on nothing goes out, and nothing comes in. */
  goAway(): void {
    this.#isGone = true;
    this.#socket?.close(NORMAL_CLOSURE, '');
  }
}

function isOfMedia(text: string): boolean {
  const { type } = JSON.parse(text) as { readonly type: string };
  return type === 'connected';
}
