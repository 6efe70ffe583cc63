import type { QualitySummary } from '@ringline/protocol';
import { MAX_FREEZES, MAX_MEASURED_MS, MAX_MEASURED_SECONDS } from '@ringline/protocol';
import type { Sample } from './sample.ts';

type Measured = 'mos' | 'lossRatio' | 'concealedRatio' | 'rttMs' | 'jitterMs';

/** All the samples of a call as one summary: means over time, the worst score, the last path. */
export class Tally {
  readonly #sums = new Map<Measured, { sum: number; seconds: number }>();
  #seconds = 0;
  #mosMin = Infinity;
  #relayed: boolean | undefined;
  #freezes: number | undefined;

  add(sample: Sample): void {
    this.#seconds += sample.seconds;
    this.#mosMin = Math.min(this.#mosMin, sample.mos);
    this.#relayed = sample.relayed ?? this.#relayed;
    if (sample.freezes !== undefined) this.#freezes = (this.#freezes ?? 0) + sample.freezes;
    for (const name of ['mos', 'lossRatio', 'concealedRatio', 'rttMs', 'jitterMs'] as const) {
      this.#addTo(name, sample[name], sample.seconds);
    }
  }

  /** Undefined until a whole second was measured. */
  get summary(): QualitySummary | undefined {
    const seconds = Math.min(MAX_MEASURED_SECONDS, Math.round(this.#seconds));
    if (seconds < 1) return undefined;
    const concealedRatio = this.#mean('concealedRatio', 1e4);
    const rttMs = this.#mean('rttMs', 1);
    const jitterMs = this.#mean('jitterMs', 1);
    return {
      seconds,
      mos: this.#mean('mos', 100) ?? 1,
      mosMin: rounded(this.#mosMin, 100),
      lossRatio: this.#mean('lossRatio', 1e4) ?? 0,
      ...(concealedRatio !== undefined && { concealedRatio }),
      ...(rttMs !== undefined && { rttMs: Math.min(MAX_MEASURED_MS, rttMs) }),
      ...(jitterMs !== undefined && { jitterMs: Math.min(MAX_MEASURED_MS, jitterMs) }),
      ...(this.#relayed !== undefined && { relayed: this.#relayed }),
      ...(this.#freezes !== undefined && { freezes: Math.min(MAX_FREEZES, this.#freezes) }),
    };
  }

  #addTo(name: Measured, value: number | undefined, seconds: number): void {
    if (value === undefined) return;
    const before = this.#sums.get(name) ?? { sum: 0, seconds: 0 };
    this.#sums.set(name, { sum: before.sum + value * seconds, seconds: before.seconds + seconds });
  }

  #mean(name: Measured, parts: number): number | undefined {
    const total = this.#sums.get(name);
    return total && rounded(total.sum / total.seconds, parts);
  }
}

/** To so many parts of one. */
function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
