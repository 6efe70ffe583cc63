import type { UserId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Move, Store } from '../store/store.ts';

/** From the end of a round to the next. Rounds read what moved between them, so that frequent ones cost no more. */
export const PRESENCE_SWEEP_MS = 10_000;
/** Moves read in one go, each an id and a number: some 50 kB, parsed within a few milliseconds. */
export const MOVES_PAGE = 2_000;
/** Users looked at in one go, so that a long round delays nobody. */
export const PRESENCE_PAGE = 500;
/** Between two of either: a round takes 10,000 users or 40,000 moves a second at most from the store. */
export const PAGE_PAUSE_MS = 50;

/** The users of whom rounds find what the bus lost. */
export interface RoundsOf {
  /** How many they are now. */
  count(): number;
  /** All of them. */
  all(): readonly UserId[];
  /** Those of these moves that are theirs and not known. */
  unknown(moves: readonly Move[]): readonly UserId[];
  /** Reads where these stand; throws StoreFault when the store is away. */
  read(users: readonly UserId[]): Promise<void>;
}

/** What rounds are made of. */
export interface MoveRoundsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<Store, 'moves'>;
  readonly users: RoundsOf;
}

/** A round that is under way. */
interface Round {
  /** It was asked for another one meanwhile, that long after this. */
  againAfterMs: number | undefined;
}

/**
 * Finds what the bus lost: round by round it reads who came or went since the round before, and where
 * those stand of whom that is not known. The first round reads all who are watched, and so does one that
 * finds more moves than there are watched.
 */
export class MoveRounds {
  readonly #parts: MoveRoundsParts;
  /** Of the users here every move with a number below this is known; undefined before the first round. */
  #since: number | undefined;
  #timer: Timer | undefined;
  #round: Round | undefined;
  /** The last round failed, which has been said. */
  #isFailing = false;

  constructor(parts: MoveRoundsParts) {
    this.#parts = parts;
  }

  /** There is somebody to watch: what moves from now on is found. Does nothing when it goes on already. */
  start(): void {
    if (!this.#timer && !this.#round) this.#begin();
  }

  /** There is nobody any more; who is watched later is looked for from where this has come. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = this.#round = undefined;
  }

  /** The next round begins after so many milliseconds, or after the one under way. */
  lookAgain(afterMs: number): void {
    if (this.#round) this.#round.againAfterMs ??= afterMs;
    else if (this.#timer) this.#beginAfter(afterMs);
  }

  #beginAfter(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.after(ms, () => this.#begin());
  }

  #begin(): void {
    this.#timer = undefined;
    const round: Round = { againAfterMs: undefined };
    this.#round = round;
    void this.#go(round);
  }

  async #go(round: Round): Promise<void> {
    try {
      const since = await this.#look(round);
      if (this.#round !== round) return;
      this.#since = since;
      this.#isFailing = false;
    } catch (error) {
      if (this.#round !== round) return;
      this.#tell(error);
    }
    this.#round = undefined;
    this.#beginAfter(round.againAfterMs ?? PRESENCE_SWEEP_MS);
  }

  /** Reads what is to be read, and gives the number from which the next round goes on. */
  async #look(round: Round): Promise<number> {
    const { store, users } = this.#parts;
    const since = this.#since ?? 0;
    let horizon: number | undefined;
    let count = 0;
    let after: Move = { move: since, user: '' };
    do {
      const most = Math.max(0, Math.min(MOVES_PAGE, users.count() - count));
      const limit = this.#since === undefined ? 0 : most;
      const found = await store.moves(after, limit);
      horizon ??= found.horizon;
      count += found.moves.length;
      // More moved than are watched; or the store is another one than before, or went back.
      const isWhole = count >= users.count() || found.horizon < since;
      if (isWhole || this.#since === undefined) {
        await this.#read(users.all(), round);
        return horizon;
      }
      await this.#read(users.unknown(found.moves), round);
      if (found.moves.length < limit) return horizon;
      after = found.moves.at(-1) ?? after;
      await this.#pause();
    } while (this.#round === round);
    return horizon;
  }

  async #read(all: readonly UserId[], round: Round): Promise<void> {
    for (let from = 0; from < all.length; from += PRESENCE_PAGE) {
      if (from > 0) await this.#pause();
      if (this.#round !== round) return;
      await this.#parts.users.read(all.slice(from, from + PRESENCE_PAGE));
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(PAGE_PAUSE_MS, resolve));
  }

  #tell(error: unknown): void {
    if (!this.#isFailing) {
      const fields = { err: error };
      this.#parts.log.error(fields, 'presence could not be read; the next round looks again');
    }
    this.#isFailing = true;
  }
}
