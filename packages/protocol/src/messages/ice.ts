/** How much of a connection may be made while it rings, the most careful first. */
export const PRECONNECT = ['off', 'relay', 'direct'] as const;
/** `off`: nothing; `relay`: over TURN only, so that neither side shows its addresses; `direct`: everything. */
export type Preconnect = (typeof PRECONNECT)[number];

/** A STUN or TURN server, as RTCPeerConnection takes it. */
export interface IceServer {
  /** `stun:`, `turn:` and `turns:` addresses (RFC 7064, RFC 7065). */
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** How a device connects to its peers. */
export interface IceConfig {
  readonly servers: readonly IceServer[];
  /** Milliseconds until the credentials expire; absent when there are none. */
  readonly expiresMs?: number;
  /** Media goes over TURN only: no peer learns the address of another. */
  readonly relayOnly: boolean;
  readonly preconnect: Preconnect;
}
