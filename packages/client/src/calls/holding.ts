import type { Call, ResumeOptions } from '../call.ts';
import type { Clock } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import { requireEstablished, until } from './state-rules.ts';

/** What holding a call needs. */
export interface HoldingParts {
  readonly call: Call;
  readonly requests: Requests;
  readonly clock: Clock;
  /** Whether media flow is another matter now. */
  changed(): void;
}

/** This user's holds of a call: nothing is sent from the first word on, whatever the server makes of it. */
export class Holding {
  readonly #parts: HoldingParts;
  #asked: Promise<void> | undefined;
  #isResuming = false;

  constructor(parts: HoldingParts) {
    this.#parts = parts;
  }

  /** Neither side sends, and nothing is played. */
  get isQuiet(): boolean {
    const { localHold, remoteHold } = this.#parts.call;
    return this.#asked !== undefined || remoteHold || (localHold && !this.#isResuming);
  }

  /** Resolves when the server holds the call; rejects with its refusal, and all is as before. */
  hold(): Promise<void> {
    if (this.#parts.call.localHold && !this.#isResuming) return Promise.resolve();
    this.#asked ??= this.#hold().finally(() => {
      this.#asked = undefined;
      this.#parts.changed();
    });
    this.#parts.changed();
    return this.#asked;
  }

  /** Resolves when this side's hold is cleared, and when media flow again if it was the last. */
  async resume({ askVideo = false }: ResumeOptions): Promise<void> {
    const { call, requests } = this.#parts;
    requireEstablished(call, 'resume');
    // What is said from now on is meant for the other side, which plays it once it knows.
    this.#turn(true);
    try {
      await requests.request(() => ({ type: 'resume', call: call.id, askVideo }));
      // However long a grace lasts: the server ends it, one way or the other.
      await until(call, () => !call.localHold && !call.resuming);
    } finally {
      this.#turn(false);
    }
    requireEstablished(call, 'resume');
  }

  #turn(isResuming: boolean): void {
    this.#isResuming = isResuming;
    this.#parts.changed();
  }

  async #hold(): Promise<void> {
    const { call, requests, clock } = this.#parts;
    requireEstablished(call, 'hold');
    await requests.request(() => ({ type: 'hold', call: call.id }));
    await until(call, () => call.localHold, clock);
    requireEstablished(call, 'hold');
  }
}
