import type { DeviceId, Preconnect } from '@ringline/protocol';
import type { Notes } from './calls/traces.ts';
import type { IceServer, MediaPort } from './media/media.ts';
import type { Ports } from './ports.ts';
import type { TokenProvider } from './signalling/tokens.ts';

/** What a client is made of. Of `token` and `tokenProvider` one is needed, with both the token goes first; every port has a default. */
export interface ClientOptions extends Partial<Ports> {
  /** The server: `https://calls.example.com`, or the whole address of its WebSocket. */
  readonly url: string;
  /** A token that lasts as long as the client is used. */
  readonly token?: string;
  /** Asked for a token before connecting and before each expires. */
  readonly tokenProvider?: TokenProvider;
  /** One per tab or process: see `tabDeviceId`. Random when absent, so that a reload is another device. */
  readonly deviceId?: DeviceId;
  /** The last message this app has seen, when it remembers: delivery goes on after it. */
  readonly cursor?: number;
  /** Milliseconds until the first `connect()` gives up; 30 000 when absent, `Infinity` for never. */
  readonly connectTimeoutMs?: number;
  /** Where calls are noted across reloads; the tab's sessionStorage when absent, nothing in Node or with null. */
  readonly notes?: Notes | null;
  /** STUN and TURN servers beside those of the server; for an address that both name, these credentials count. */
  readonly iceServers?: readonly IceServer[];
  /** Media goes over TURN only, so that no peer learns this device's address. Also when the server says so. */
  readonly relayOnly?: boolean;
  /** What may be connected while it rings; as the server says when absent, and never more than that. */
  readonly preconnect?: Preconnect;
  /** Microphone, camera and peer connections; the browser's when absent, none in Node. Null: none. */
  readonly media?: MediaPort | null;
  /** False: this app shows no pictures, and a request for one is refused as `unsupported`. */
  readonly video?: boolean;
  /** True: a second call rings beside the one that this device is in; else its user is busy then. */
  readonly callWaiting?: boolean;
  /** In which language the server's voice speaks to this user (RFC 5646); the browser's when absent. */
  readonly language?: string;
  /**
   * Only without media: report each call as connected when it is established. Without it the server
   * ends a call of a client that has no media with `media-failed`.
   */
  readonly signallingOnly?: boolean;
}

/** The address of the WebSocket: `http` becomes `ws`, and a bare server gets the usual path. */
export function socketUrl(url: string): string {
  const address = new URL(url);
  address.protocol = address.protocol.replace('http', 'ws');
  if (address.pathname === '/') address.pathname = '/v1/connect';
  return address.href;
}
