import { CLOSE } from '@ringline/protocol';
import type { Authenticator } from './auth/authenticator.ts';
import type { Clock } from './clock.ts';
import type { AcceptSocket } from './gateway/socket.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import type { Randomness } from './randomness.ts';
import type { Store } from './store/store.ts';

/** What the part that carries calls needs of the world. */
export interface CoreParts {
  readonly store: Store;
  readonly authenticator: Authenticator;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The part that carries calls, as its surroundings see it. */
export interface Core {
  readonly accept: AcceptSocket;
  /** Tells devices to come back later and finishes what is under way; sockets may still be open after it. */
  stop(): Promise<void>;
}

/** Starts a core; it may load and recover before it resolves. */
export type StartCore = (parts: CoreParts) => Promise<Core>;

/** A core that carries nothing: it sends every device away. */
export const startCore: StartCore = async () => ({
  accept: (socket) => {
    socket.close(CLOSE.leaving.code, CLOSE.leaving.meaning);
    return { text: () => undefined, pong: () => undefined, closed: () => undefined };
  },
  stop: async () => undefined,
});
