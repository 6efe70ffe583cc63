import { RESUME_TIMEOUT_MS } from '@ringline/protocol';
import type { Call, ResumeOptions } from '../call.ts';
import { hasCode, wrongState } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import { REQUEST_TIMEOUT_MS } from '../timing.ts';
import { requireEstablished, until } from './state-rules.ts';

/** What holding a call needs. */
export interface HoldingParts {
  readonly call: Call;
  readonly requests: Requests;
  readonly clock: Clock;
  isConnected(): boolean;
  /** Whether media flow is another matter now. */
  changed(): void;
}

/** This user's holds of a call: nothing is sent from the first word on, whatever the server makes of it. */
export class Holding {
  readonly #parts: HoldingParts;
  #asked: Promise<void> | undefined;
  #isResuming = false;
  /** How often the user has held the call. */
  #holds = 0;
  /** A hold had no answer: the server may have made it, and says so later. */
  #isUncertain = false;

  constructor(parts: HoldingParts) {
    this.#parts = parts;
  }

  /** Neither side sends, and nothing is played. */
  get isQuiet(): boolean {
    const { call } = this.#parts;
    const isStopped = this.#asked !== undefined || this.#isUncertain;
    const mayResume = this.#isResuming && this.#parts.isConnected();
    return isStopped || call.remoteHold || (call.localHold && !mayResume);
  }

  /** The server has said how the call stands. */
  settled(): void {
    if (!this.#isUncertain) return;
    this.#isUncertain = false;
    this.#parts.changed();
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
    const { call } = this.#parts;
    requireEstablished(call, 'resume');
    // What is said from now on is meant for the other side, which plays it once it knows.
    this.#turn(true);
    try {
      await this.#askToResume(askVideo);
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

  /** Said again while the server cannot do it, for as long as a resume may take; a hold meanwhile is the newer wish. */
  async #askToResume(askVideo: boolean): Promise<void> {
    const { call, requests } = this.#parts;
    const { localHold: wasHeld } = call;
    const holds = this.#holds;
    const isWanted = () =>
      call.state === 'established' && holds === this.#holds && !(wasHeld && !call.localHold);
    const build = () => ({ type: 'resume', call: call.id, askVideo }) as const;
    const options = { timeoutMs: REQUEST_TIMEOUT_MS, withinMs: RESUME_TIMEOUT_MS };
    const isDone = await requests.insist(build, isWanted, options);
    if (!isDone && call.localHold) throw wrongState('Cannot resume: the call was held meanwhile.');
  }

  async #hold(): Promise<void> {
    const { call, requests, clock } = this.#parts;
    requireEstablished(call, 'hold');
    this.#holds++;
    let timesSaid = 0;
    const build = () => {
      timesSaid++;
      return { type: 'hold', call: call.id } as const;
    };
    try {
      await requests.request(build);
      await until(call, () => call.localHold, clock);
    } catch (error) {
      this.#isUncertain = timesSaid > 0 && hasCode(error, 'timeout');
      throw error;
    }
    requireEstablished(call, 'hold');
  }
}
