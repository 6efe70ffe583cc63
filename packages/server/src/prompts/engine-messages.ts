import type { Sounds } from './sounds.ts';
import type { ClipName } from './prompt.ts';

/** One thing to play. */
export interface Play {
  readonly clip: ClipName;
  readonly plays: number | 'endless';
  /** Comes back when it was played, to tell it from what was to be played before. */
  readonly turn: number;
}

/** Where the engine is reached, and what it can play. */
export interface EngineStart {
  /** UDP; 0 takes a free one. */
  readonly port: number;
  /** Addresses that devices are told; none: those of this machine. */
  readonly publicIps: readonly string[];
  readonly sounds: Sounds;
}

/** What the server asks of its engine; the first message is `start`. */
export type ToEngine =
  | ({ readonly type: 'start' } & EngineStart)
  | { readonly type: 'open'; readonly id: number; readonly play: Play }
  | { readonly type: 'answer'; readonly id: number; readonly sdp: string }
  | { readonly type: 'play'; readonly id: number; readonly play: Play }
  | { readonly type: 'close'; readonly id: number }
  | { readonly type: 'ping' };

/** What the engine tells. */
export type FromEngine =
  | { readonly type: 'ready'; readonly port: number }
  /** It cannot begin, and ends: the UDP port is somebody else's. */
  | { readonly type: 'port-taken'; readonly port: number }
  | { readonly type: 'offered'; readonly id: number; readonly sdp: string }
  | { readonly type: 'finished'; readonly id: number; readonly turn: number }
  | { readonly type: 'failed'; readonly id: number; readonly why: string }
  | { readonly type: 'pong' };
