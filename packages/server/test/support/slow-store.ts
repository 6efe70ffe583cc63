import type { VirtualClock } from '@ringline/testkit';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Committed, Step } from '../../src/store/store.ts';

/** A store that writes one step after the other, each of which takes its time. */
export class SlowStore extends MemoryStore {
  /** What a commit meets instead of being done; undefined when it is done. */
  failure: (step: Step) => Error | undefined = () => undefined;
  readonly #clock: VirtualClock;
  readonly #stepMs: number;
  #before: Promise<void> = Promise.resolve();

  constructor(clock: VirtualClock, stepMs: number) {
    super();
    this.#clock = clock;
    this.#stepMs = stepMs;
  }

  override async commit(step: Step): Promise<Committed> {
    const error = this.failure(step);
    if (error) throw error;
    const written = this.#before.then(() => this.#passed());
    this.#before = written;
    await written;
    return super.commit(step);
  }

  #passed(): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(this.#stepMs, resolve));
  }
}
