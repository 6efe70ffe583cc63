/** A started timer. */
export interface Timer {
  cancel(): void;
}

/** Time, passed in so that tests can hold it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once after so many milliseconds. */
  after(ms: number, run: () => void): Timer;
}

/** Randomness, passed in so that tests can repeat it. */
export interface Randomness {
  /** So many random bytes. */
  bytes(count: number): Uint8Array;
}

/** One WebSocket of this device; small enough to be faked in ten lines. */
export interface Socket {
  /** Sends one text frame; does nothing on a closed socket. */
  send(text: string): void;
  /** Begins the closing handshake; frames sent before it still arrive. */
  close(code: number, reason: string): void;
}

/** What a socket tells its owner. */
export interface SocketEvents {
  opened(): void;
  text(frame: string): void;
  /** Once, whoever closed it, also when it never opened; the code of RFC 6455 §7.4. */
  closed(code: number): void;
}

/** Opens a WebSocket to a `ws:` or `wss:` address; the events begin after it has returned. */
export type OpenSocket = (url: string, events: SocketEvents) => Socket;

/** An HTTP answer as the SDK reads it. */
export interface HttpAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}

/** Asks over HTTP by GET, as the global `fetch` does. */
export type Fetch = (
  url: string,
  init: { readonly headers: Readonly<Record<string, string>> },
) => Promise<HttpAnswer>;

/** Calls `wake` when the page, or the machine, comes back; returns how to stop. */
export type OnWake = (wake: () => void) => () => void;

/** Calls `changed` when this device is on another network than before; returns how to stop. */
export type OnNetworkChange = (changed: () => void) => () => void;

/** The outside world of a client without its media. */
export interface Ports {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly openSocket: OpenSocket;
  readonly fetch: Fetch;
  readonly onWake: OnWake;
  readonly onNetworkChange: OnNetworkChange;
}

/** As much of an AbortSignal as is used; any is one. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
