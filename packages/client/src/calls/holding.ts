import type { CallId } from '@ringline/protocol';
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
  /** Asks for what makes this call the live one, while the one that is live sends nothing. */
  inPlaceOfLive<T>(call: CallId, work: () => Promise<T>): Promise<T>;
  isConnected(): boolean;
  /** Whether this user talks in another call. */
  hasOtherLive(call: CallId): boolean;
  /** Whether media flow is another matter now. */
  changed(): void;
}

/** This user's holds of a call: nothing is sent from the first word on, whatever the server makes of it. */
export class Holding {
  readonly #parts: HoldingParts;
  #asked: Promise<void> | undefined;
  #isResuming = false;
  /** Calls that are asked for in the place of this one. */
  #givesWayTo = 0;
  /** How often the user has held the call, by itself or for another. */
  #holds = 0;
  /** A hold had no answer: the server may have made it, and says so later. */
  #isUncertain = false;

  constructor(parts: HoldingParts) {
    this.#parts = parts;
  }

  /** Neither side sends, and nothing is played. */
  get isQuiet(): boolean {
    const { call } = this.#parts;
    const isStopped = this.#asked !== undefined || this.#isUncertain || this.#givesWayTo > 0;
    const mayResume = this.#isResuming && this.#parts.isConnected();
    return isStopped || call.remoteHold || (call.localHold && !mayResume);
  }

  /** This side does not hold, or means not to. */
  get isLive(): boolean {
    return !this.#parts.call.localHold || this.#isResuming;
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
    // Beside another live call this is refused: what is said in that one is not for this one.
    const mayTalk = !this.#parts.hasOtherLive(this.#parts.call.id);
    await this.#resumeBy('resume', mayTalk, () => this.#askToResume(askVideo));
  }

  /** Resolves when this call is live, the user's other one held. */
  async swap(): Promise<void> {
    const { call, requests } = this.#parts;
    await this.#resumeBy('swap', true, () =>
      this.#parts.inPlaceOfLive(call.id, () =>
        requests.request(() => ({ type: 'swap', call: call.id })),
      ),
    );
  }

  /** Nothing is sent while another call is asked for in the place of this one; then the server's word counts. */
  async giveWay<T>(work: () => Promise<T>, needless?: Promise<unknown>): Promise<T> {
    const { call, clock } = this.#parts;
    this.#holds++;
    this.#givesWayTo++;
    this.#parts.changed();
    try {
      const result = await work();
      const isHeld = until(call, () => call.localHold, clock).catch(() => {});
      await Promise.race(needless ? [isHeld, needless] : [isHeld]);
      return result;
    } catch (error) {
      this.#isUncertain ||= hasCode(error, 'timeout');
      throw error;
    } finally {
      this.#givesWayTo--;
      this.#parts.changed();
    }
  }

  async #resumeBy(wish: string, mayTalk: boolean, ask: () => Promise<unknown>): Promise<void> {
    const { call } = this.#parts;
    requireEstablished(call, wish);
    const holds = this.#holds;
    const isHeldAgain = () => holds !== this.#holds && call.localHold;
    // What is said from now on is meant for the other side, which plays it once it knows.
    this.#turn(mayTalk);
    try {
      await ask();
      // However long a grace lasts: the server ends it, one way or the other.
      await until(call, () => (!call.localHold && !call.resuming) || isHeldAgain());
    } finally {
      this.#turn(false);
    }
    requireEstablished(call, wish);
    if (isHeldAgain()) throw wrongState(`Cannot ${wish}: the call was held meanwhile.`);
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
    await requests.insist(build, isWanted, options);
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
