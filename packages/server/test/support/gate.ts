import type { Store } from '../../src/store/store.ts';
import { StoreFault } from '../../src/store/store.ts';

type Method = keyof Store;

const AWAY = new StoreFault('away', undefined);

/** Stands before a store: its methods fail, or keep their answer back, as a test wishes. */
export class Gate {
  /** What each method fails with, until it is taken out. */
  readonly failing = new Map<Method, Error>();
  /** How often each method was asked. */
  readonly asked = new Map<Method, number>();
  readonly #holds = new Map<Method, Promise<void>>();
  readonly #lost = new Set<Method>();
  /** What every method fails with, until it is mended. */
  #away: Error | undefined;

  /** These methods fail from now on. */
  fail(methods: readonly Method[], error: Error = AWAY): void {
    for (const method of methods) this.failing.set(method, error);
  }

  /** Everything fails from now on. */
  failAll(error: Error = AWAY): void {
    this.#away = error;
  }

  /** All methods answer again. */
  mend(): void {
    this.#away = undefined;
    this.failing.clear();
  }

  /** What the next such request did or read is told only when the returned function is called. */
  hold(method: Method): () => void {
    let goOn = () => {};
    this.#holds.set(method, new Promise((resolve) => (goOn = resolve)));
    return goOn;
  }

  /** The next such request is done, and nobody is told. */
  loseAnswer(method: Method): void {
    this.#lost.add(method);
  }

  /** The store behind this gate. */
  before(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) =>
          this.#pass(name as Method, async () => Reflect.apply(member, target, given) as unknown);
      },
    });
  }

  async #pass(method: Method, ask: () => Promise<unknown>): Promise<unknown> {
    this.asked.set(method, (this.asked.get(method) ?? 0) + 1);
    const error = this.#away ?? this.failing.get(method);
    if (error) throw error;
    const held = this.#holds.get(method);
    this.#holds.delete(method);
    const answer = await ask();
    await held;
    if (this.#lost.delete(method)) throw new StoreFault('fell as it answered', undefined, true);
    return answer;
  }
}
