import type { CallId } from '@ringline/protocol';
import type { Clock } from '../ports.ts';
import type { Tones } from '../voice/tones.ts';
import type { Requests } from '../signalling/requests.ts';
import type { MediaParts } from './call-media.ts';
import type { Traces } from './traces.ts';

/** What a call needs of its client. */
export interface CallContext {
  readonly clock: Clock;
  readonly requests: Requests;
  /** Null: this client signals only. */
  readonly media: MediaParts | null;
  /** Without media: whether to report media as connected all the same. */
  readonly signallingOnly: boolean;
  /** Whether calls may be with pictures here. */
  readonly hasPictures: boolean;
  /** Null without media: there is nothing to hear. */
  readonly tones: Tones | null;
  isConnected(): boolean;
  readonly traces: Traces;
  /** The call is over here and at the server: nothing more will be said of it. */
  finished(call: CallId): void;
  /** Asks for what makes this call the live one, while the one that is live sends nothing. */
  inPlaceOfLive<T>(call: CallId, work: () => Promise<T>): Promise<T>;
  /** Whether this user talks in another call. */
  hasOtherLive(call: CallId): boolean;
}
