import { median } from '../statistics.ts';
import type { Mode } from './plan.ts';

/** Times of one kind in one mode. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** One line of the result: what was measured, in each mode. */
export interface Row {
  readonly name: string;
  readonly byMode: ReadonlyMap<Mode, Spread>;
}

/** Milliseconds by what they measure; undefined where nothing came in time. */
export type Times = Readonly<Record<string, number | undefined>>;

/** The times of many calls, by what they measure and by mode. */
export class Samples {
  readonly #times = new Map<string, Map<Mode, number[]>>();
  readonly #missing = new Map<string, number>();

  /** Takes the times of one call; what never came is counted apart, for no number says it. */
  add(mode: Mode, times: Times): void {
    for (const [name, ms] of Object.entries(times)) {
      const byMode = this.#times.get(name) ?? new Map<Mode, number[]>();
      this.#times.set(name, byMode);
      if (ms === undefined) this.#missing.set(name, (this.#missing.get(name) ?? 0) + 1);
      else byMode.set(mode, [...(byMode.get(mode) ?? []), ms]);
    }
  }

  /** In the order in which the names first came. */
  rows(): readonly Row[] {
    return [...this.#times].map(([name, byMode]) => ({
      name,
      byMode: new Map([...byMode].map(([mode, times]) => [mode, spreadOf(times)])),
    }));
  }

  /** How often something never came, by name. */
  get missing(): ReadonlyMap<string, number> {
    return this.#missing;
  }
}

/** The value in the middle (with an even number the mean of the two there), and the ends. */
export function spreadOf(times: readonly number[]): Spread {
  const upper = median(times);
  const lower = -median(times.map((time) => -time));
  return {
    median: (lower + upper) / 2,
    least: Math.min(...times),
    most: Math.max(...times),
    count: times.length,
  };
}
