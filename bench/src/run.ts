import { setTimeout as sleep } from 'node:timers/promises';
import type { Pair } from './pair.ts';

/** Calls that were made, and how long after each invitation the callee heard of it. */
export interface Ran {
  readonly calls: number;
  /** From the first invitation to the last completion. */
  readonly ms: number;
  readonly ringsMs: readonly number[];
}

/** A call that takes this long will never end. */
const STALLED_MS = 10_000;

/** Calls made by pairs in turn: a device that calls too often would be refused for its rate. */
export class Run {
  readonly #free: Pair[];
  readonly #completed: () => void;
  readonly #startedAt = performance.now();
  readonly #ringsMs: number[] = [];
  #endedAt = this.#startedAt;
  #underWay = 0;
  #calls = 0;

  constructor(free: Pair[], completed: () => void = () => undefined) {
    this.#free = free;
    this.#completed = completed;
  }

  /** Begins a call of the pair that has rested longest. */
  begin(): void {
    const pair = this.#free.shift();
    if (!pair) throw new Error('every pair is in a call: the measured process cannot keep up');
    this.#underWay++;
    pair.call({
      rang: (ms) => this.#ringsMs.push(ms),
      completed: () => this.#end(pair),
    });
  }

  /** Resolves when no call is under way. */
  async drained(): Promise<Ran> {
    while (this.#underWay > 0) {
      if (performance.now() - this.#endedAt > STALLED_MS) throw new Error('calls do not complete');
      await sleep(1);
    }
    return { calls: this.#calls, ms: this.#endedAt - this.#startedAt, ringsMs: this.#ringsMs };
  }

  #end(pair: Pair): void {
    this.#free.push(pair);
    this.#underWay--;
    this.#calls++;
    this.#endedAt = performance.now();
    this.#completed();
  }
}
