import type { QualitySummary } from '@ringline/protocol';
import { MAX_FREEZES, MAX_MEASURED_MS, MAX_MEASURED_SECONDS } from '@ringline/protocol';
import { defined } from '../defined.ts';
import type { Sample } from './sample.ts';

/** What is averaged, and to how many parts of one its mean is rounded. */
const PARTS = { mos: 100, lossRatio: 1e4, concealedRatio: 1e4, rttMs: 1, jitterMs: 1 } as const;

type Averaged = keyof typeof PARTS;

const AVERAGED = Object.keys(PARTS) as Averaged[];

/** All the samples of a call as one summary: means over time, the worst score, the last path. */
export class Tally {
  readonly #sums = new Map<Averaged, { sum: number; seconds: number }>();
  #seconds = 0;
  #mosMin = Infinity;
  #relayed: boolean | undefined;
  #freezes: number | undefined;

  add(sample: Sample): void {
    const { seconds, mos, freezes, relayed } = sample;
    this.#seconds += seconds;
    this.#mosMin = Math.min(this.#mosMin, mos);
    this.#relayed = relayed ?? this.#relayed;
    if (freezes !== undefined) this.#freezes = (this.#freezes ?? 0) + freezes;
    for (const name of AVERAGED) {
      const value = sample[name];
      if (value === undefined) continue;
      const total = this.#sums.get(name) ?? { sum: 0, seconds: 0 };
      total.sum += value * seconds;
      total.seconds += seconds;
      this.#sums.set(name, total);
    }
  }

  /** Undefined until a whole second was measured. */
  get summary(): QualitySummary | undefined {
    const seconds = Math.min(MAX_MEASURED_SECONDS, Math.round(this.#seconds));
    if (seconds < 1) return undefined;
    const means = [...this.#sums].map(([name, total]) => {
      const mean = rounded(total.sum / total.seconds, PARTS[name]);
      // Of milliseconds; ratios and scores are far below.
      return [name, Math.min(MAX_MEASURED_MS, mean)] as const;
    });
    return {
      seconds,
      mosMin: rounded(this.#mosMin, PARTS.mos),
      ...(Object.fromEntries(means) as Pick<QualitySummary, Averaged>),
      ...defined({
        relayed: this.#relayed,
        freezes: this.#freezes && Math.min(MAX_FREEZES, this.#freezes),
      }),
    };
  }
}

/** To so many parts of one. */
function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
