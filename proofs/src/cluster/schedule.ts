import type { SeededRandomness } from '@ringline/testkit';
import type { BlowName } from './blows.ts';
import { LASTING } from './blows.ts';

/** Which blows are dealt, and how often. */
export interface Rounds {
  readonly blows: readonly BlowName[];
  /** Each is dealt so often, and one that lasts only once. */
  readonly rounds: number;
  /** After so many kinds of blow, once each, the next one waits until calls could be judged. */
  readonly judgedKinds: number;
}

/** A blow to deal. */
export interface Stroke {
  readonly what: BlowName;
  /** The next one waits until calls could be judged. */
  readonly isJudged: boolean;
}

/** All blows, round by round, each round in an order of its own. */
export function scheduleOf(
  { blows, rounds, judgedKinds }: Rounds,
  randomness: SeededRandomness,
): readonly (readonly Stroke[])[] {
  const judged = new Set(randomness.shuffle(blows).slice(0, judgedKinds));
  const kinds = blows.map((what) => ({ what, round: randomness.integer(0, rounds - 1) }));
  return Array.from({ length: rounds }, (_, round) => {
    const due = kinds.filter((kind) => !LASTING.has(kind.what) || kind.round === round);
    return randomness
      .shuffle(due)
      .map(({ what, round: own }) => ({ what, isJudged: judged.has(what) && own === round }));
  });
}

/** How often each blow has to be dealt. */
export function timesDue({ blows, rounds }: Rounds): ReadonlyMap<BlowName, number> {
  return new Map(blows.map((what) => [what, LASTING.has(what) ? 1 : rounds]));
}
