import type { Election } from '../model/ringing-ports.ts';

/** The part of a LockManager that is used. */
export interface RingLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly ifAvailable?: boolean },
    run: (lock: object | null) => Promise<unknown>,
  ): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** An election among the pages of one user by a Web Lock: who holds it rings aloud; a page that dies gives it back. */
export function lockElection(nameOf: () => string, locks: RingLocks): Election {
  return {
    stand: (won) => {
      const given = new AbortController();
      const until = new Promise<void>((resolve) => {
        given.signal.addEventListener('abort', () => resolve());
      });
      const take = (hadToWait: boolean) => {
        if (!given.signal.aborted) won(hadToWait);
        return until;
      };
      void contest(nameOf(), locks, given.signal, take);
      return () => given.abort();
    },
    isTaken: async () => {
      const { held = [] } = await locks.query();
      return held.some((lock) => lock.name === nameOf());
    },
  };
}

async function contest(
  name: string,
  locks: RingLocks,
  signal: AbortSignal,
  take: (hadToWait: boolean) => Promise<void>,
): Promise<void> {
  const wasFree = await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await take(false);
    return lock !== null;
  });
  if (wasFree === true || signal.aborted) return;
  // Given back before it was free: nothing is left to do.
  await locks.request(name, { signal }, () => take(true)).catch(() => {});
}

/** Where pages cannot agree, as without a secure context, each rings for itself. */
export const everyPageRings: Election = {
  stand: (won) => {
    won(false);
    return () => {};
  },
  isTaken: () => Promise.resolve(false),
};
