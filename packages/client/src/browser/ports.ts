import type {
  Clock,
  Fetch,
  OnNetworkChange,
  OnWake,
  OpenSocket,
  Ports,
  Randomness,
} from '../ports.ts';
import { listen } from './listen.ts';

/** A DOM WebSocket, or anything made like one. */
export interface WebSocketLike {
  readonly readyState: number;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

const OPEN = 1;
/** The longest that timers of browsers and Node can wait: 2³¹ ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The socket port over WebSockets of this kind. */
export function openWebSocket(create: (url: string) => WebSocketLike): OpenSocket {
  return (url, events) => {
    const socket = create(url);
    socket.addEventListener('open', () => events.opened());
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') events.text(data);
    });
    socket.addEventListener('close', ({ code }) => events.closed(code));
    // Made like one of Node, it throws an error that nobody hears; the close that follows says it all.
    socket.addEventListener('error', () => {});
    return {
      send: (text) => {
        if (socket.readyState === OPEN) socket.send(text);
      },
      close: (code, reason) => socket.close(code, reason),
    };
  };
}

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};

/** The randomness of a browser or of Node. */
export const randomness: Randomness = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

const onWake: OnWake = (wake) =>
  listen(globalThis, ['visibilitychange'], () => {
    if (globalThis.document.visibilityState === 'visible') wake();
  });

/** The part of the Network Information API that is used: Chromium's; elsewhere there is none. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

const onNetworkChange: OnNetworkChange = (changed) => {
  const { connection } = navigator as { connection?: NetworkInformation };
  let type = connection?.type;
  const stops = [
    listen(globalThis, ['online'], changed),
    // It also tells of every new estimate of the bandwidth.
    listen(connection, ['change'], () => {
      if (connection?.type !== type) changed();
      type = connection?.type;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

/** Time, randomness and network of a browser, or of Node 22 and newer. */
export function defaultPorts(): Ports {
  const openSocket = openWebSocket((url) => new WebSocket(url));
  const ask: Fetch = (url, init) => fetch(url, init);
  return { clock, randomness, openSocket, fetch: ask, onWake, onNetworkChange };
}
