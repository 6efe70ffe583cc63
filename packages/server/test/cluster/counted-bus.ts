import type { BusMetrics, BusOutcome } from '../../src/observe/metrics.ts';

/** Counts what becomes of deliveries; whoever waits for the connection to come or go is told. */
export class CountedBus implements BusMetrics {
  readonly carried = new Map<BusOutcome, number>();
  gaps = 0;
  isConnected = false;
  #waiting: { readonly for: boolean; readonly done: () => void }[] = [];

  busConnected(isConnected: boolean): void {
    this.isConnected = isConnected;
    const waiting = this.#waiting.filter((each) => each.for === isConnected);
    this.#waiting = this.#waiting.filter((each) => each.for !== isConnected);
    for (const { done } of waiting) done();
  }

  busCarried(outcome: BusOutcome): void {
    this.carried.set(outcome, this.of(outcome) + 1);
  }

  busGap(): void {
    this.gaps += 1;
  }

  of(outcome: BusOutcome): number {
    return this.carried.get(outcome) ?? 0;
  }

  /** Resolves once the bus is connected, or is not. */
  until(isConnected: boolean): Promise<void> {
    if (this.isConnected === isConnected) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ for: isConnected, done }));
  }
}
