import { setTimeout as pass } from 'node:timers/promises';

/** What came of it; undefined when it has no end within so many milliseconds: then nobody waits for it any more. */
export async function toItsEnd<Result extends {}>(
  play: Promise<Result>,
  withinMs: number,
): Promise<Result | undefined> {
  const patience = new AbortController();
  const tooLong = pass(withinMs, undefined, { signal: patience.signal });
  // Given up when the play is over.
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([play, tooLong]);
  } finally {
    patience.abort();
  }
}
