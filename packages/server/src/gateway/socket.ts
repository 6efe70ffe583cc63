/** One WebSocket as the gateway sees it; small enough to be faked by a wire in ten lines. */
export interface Socket {
  /** Queues one text frame; does nothing on a closed socket. */
  send(text: string): void;
  /** Bytes queued and not yet taken by the network. */
  readonly queuedBytes: number;
  /** Sends a protocol ping (RFC 6455 §5.5.2). */
  ping(): void;
  /** Begins the closing handshake. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
}

/** What a socket tells its connection. */
export interface SocketEvents {
  /** A whole text frame; adapters close binary and oversized ones themselves. */
  text(frame: string): void;
  pong(): void;
  /** Once, whoever closed it. */
  closed(code: number): void;
}

/** Takes a new socket and returns what it shall tell. */
export type AcceptSocket = (socket: Socket) => SocketEvents;
