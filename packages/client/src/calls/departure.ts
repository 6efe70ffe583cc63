import type { CallId } from '@ringline/protocol';
import { hasCode } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { RequestBody, Requests } from '../signalling/requests.ts';
import { endRequest, isRefusalHere } from './state-rules.ts';
import type { Traces } from './traces.ts';

/** What a departure asks of its call. */
export interface DepartureParts {
  readonly call: CallId;
  readonly clock: Clock;
  readonly requests: Requests;
  readonly traces: Traces;
  /** When the user left. */
  readonly leftAt: number;
  /** Whether the server holds the call for established, as far as this device knows. */
  isEstablished(): boolean;
  /** Whether the server knows that it is over. */
  isFinal(): boolean;
  unknown(): void;
}

/** The user has left a call: tells the server, for as long as it takes, and whatever the call became meanwhile. */
export class Departure {
  readonly #parts: DepartureParts;
  #isSpeaking = false;

  constructor(parts: DepartureParts) {
    this.#parts = parts;
  }

  /** Resolves when the server has heard it. */
  async say(build: () => RequestBody): Promise<void> {
    const { call, leftAt, traces } = this.#parts;
    // The server may be away, and the page be loaded anew before it hears this.
    if (!isRefusalHere(build())) traces.note(call, { leftAt });
    await this.#insist(build);
    // An accept came first: the user left all the same.
    if (this.#parts.isEstablished() && build().type !== 'end') this.hangUp();
  }

  /** Ends what the server holds for established. */
  hangUp(): void {
    const { call, leftAt, traces } = this.#parts;
    traces.note(call, { leftAt });
    if (!this.#isSpeaking) void this.#insist(() => this.endRequest());
  }

  /** Hanging up, as it is said now. */
  endRequest(): RequestBody {
    const { call, clock, leftAt } = this.#parts;
    return endRequest(call, leftAt, clock.now());
  }

  async #insist(build: () => RequestBody): Promise<void> {
    this.#isSpeaking = true;
    try {
      await this.#parts.requests.insist(build, () => !this.#parts.isFinal());
    } catch (error) {
      // Every other refusal is answered by the newest view.
      if (hasCode(error, 'unknown-call')) this.#parts.unknown();
    } finally {
      this.#isSpeaking = false;
    }
  }
}
