import type { Clock, Timer } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type { ExtensionLine } from '@ringline/client/extension';
import { ANSWER_AT_LEAST_MS, PULSE_MS, SILENT_AFTER_MS } from './timing.ts';

/** How an idle page knows as soon as RTM's own would that its connection is dead: it asks, often. */
export class Pulse {
  readonly #clock: Clock;
  readonly #line: Pick<ExtensionLine, 'requests' | 'resync'>;
  #heardAt = 0;
  #next: Timer | undefined;
  #deadline: Timer | undefined;
  #isSilent = false;

  constructor(clock: Clock, line: Pick<ExtensionLine, 'requests' | 'resync'>) {
    this.#clock = clock;
    this.#line = line;
  }

  /** Whether the last connection was given up because nobody answered. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** There is a connection. */
  start(): void {
    this.stop();
    this.#isSilent = false;
    this.#heardAt = this.#clock.now();
    this.#askLater();
  }

  /** There is none any more. */
  stop(): void {
    this.#next?.cancel();
    this.#settle();
  }

  #askLater(): void {
    this.#next = this.#clock.after(PULSE_MS, () => this.#ask());
  }

  #ask(): void {
    const leftMs = this.#heardAt + SILENT_AFTER_MS - this.#clock.now();
    // A hidden page asks seldom: its question is given time in any case.
    const ms = Math.max(leftMs, ANSWER_AT_LEAST_MS);
    this.#deadline ??= this.#clock.after(ms, () => this.#giveUp());
    const heard = () => {
      this.#heardAt = this.#clock.now();
      this.#settle();
    };
    this.#line.requests
      .request(() => PING, { isKept: false, timeoutMs: SILENT_AFTER_MS })
      // A refusal is an answer too.
      .then(heard, (error) => isTimeout(error) || heard());
    this.#askLater();
  }

  #settle(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  #giveUp(): void {
    this.#isSilent = true;
    this.#line.resync();
  }
}

/** Costs a server nothing, and every page may say it. */
export const PING = { type: 'rtm-ping' } as const;

function isTimeout(error: unknown): boolean {
  return error instanceof RinglineError && error.code === 'timeout';
}
