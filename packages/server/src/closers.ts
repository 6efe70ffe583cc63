import type { Log } from './observe/log.ts';

/** What was started, to be stopped in the opposite order. */
export class Closers {
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #log: Log;
  #closed: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Stops everything, once; a part that fails to stop is logged and hinders no other. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (err) {
        this.#log.error({ err }, 'a part of the server did not stop properly');
      }
    }
  }
}
