import type { Clock } from '../clock.ts';
import type { WireConnection } from './wire.ts';

/** So long one waits for a service to listen: far more than its way takes, and little of the time that a device has for its hello; what takes longer is made good as a gap. */
export const LISTENING_WITHIN_MS = 1_000;

/** What waiting for a service is made of. */
export interface ListeningParts {
  readonly clock: Clock;
  /** The service listens, after it was waited for no longer: what it brought to nobody meanwhile is lost. */
  readonly late: (connection: WireConnection) => void;
}

/** Finds when a service listens to all that it was asked to: one question for whatever was asked in one turn of the event loop. */
export class Listening {
  readonly #parts: ListeningParts;
  /** Who waits for an answer, to go on. */
  readonly #waiting = new Set<() => void>();
  /** The service was asked to listen since it was last asked whether it does. */
  #isNew = false;
  /** It is asked at the end of this turn. */
  #isAsking = false;
  #answered: Promise<void> = Promise.resolve();

  constructor(parts: ListeningParts) {
    this.#parts = parts;
  }

  /** The service was asked to listen to something more. */
  note(): void {
    this.#isNew = true;
  }

  /** Resolves once it listens to all of it, when LISTENING_WITHIN_MS have passed, or when the connection is lost. */
  until(connection: WireConnection): Promise<void> {
    if (!this.#isNew || this.#isAsking) return this.#answered;
    this.#isAsking = true;
    this.#answered = new Promise((resolve) => {
      setImmediate(() => {
        this.#isAsking = this.#isNew = false;
        this.#ask(connection, resolve);
      });
    });
    return this.#answered;
  }

  /** The connection is lost: nobody waits for it any more. */
  lost(): void {
    for (const goOn of this.#waiting) goOn();
  }

  #ask(connection: WireConnection, answered: () => void): void {
    const { clock, late } = this.#parts;
    const goOn = () => {
      timer.cancel();
      this.#waiting.delete(goOn);
      answered();
    };
    const timer = clock.after(LISTENING_WITHIN_MS, goOn);
    this.#waiting.add(goOn);
    void connection.listening().then(() => {
      if (this.#waiting.has(goOn)) goOn();
      else late(connection);
    });
  }
}
