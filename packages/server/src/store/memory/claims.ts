import type { DueClaim } from '../leases.ts';

/** What is claimed of things that have deadlines, by their keys, and until when. */
export class Claims {
  readonly #until = new Map<string, number>();

  /** Those of what is due that nobody has claimed, the first ones; they are claimed from now on. */
  take<Of>(
    due: readonly Of[],
    keyOf: (of: Of) => string,
    { now, until, limit }: Pick<DueClaim, 'now' | 'until' | 'limit'>,
  ): readonly Of[] {
    const free = due.filter((each) => (this.#until.get(keyOf(each)) ?? 0) <= now).slice(0, limit);
    for (const each of free) this.#until.set(keyOf(each), until);
    return free;
  }

  /** Its deadline has moved. */
  end(key: string): void {
    this.#until.delete(key);
  }
}
