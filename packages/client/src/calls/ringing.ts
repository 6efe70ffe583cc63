import type { CallId, Receipt, Silence } from '@ringline/protocol';
import type { Clock } from '../ports.ts';
import { insist } from '../signalling/insist.ts';
import type { Requests } from '../signalling/requests.ts';

/** What a report of ringing asks of its call. */
export interface RingingParts {
  readonly call: CallId;
  readonly clock: Clock;
  readonly requests: Requests;
  isWaiting(): boolean;
}

/** This device's own word about its ringing: the last one counts. */
export class Ringing {
  readonly #parts: RingingParts;
  #last: { readonly receipt: Receipt; readonly silence: Silence | undefined } | undefined;

  constructor(parts: RingingParts) {
    this.#parts = parts;
  }

  get isReported(): boolean {
    return this.#last !== undefined;
  }

  report(receipt: Receipt, silence: Silence | undefined): Promise<void> {
    this.#last = { receipt, silence };
    return this.repeat();
  }

  /** A server that lost this device for a moment has forgotten its word. */
  async repeat(): Promise<void> {
    const last = this.#last;
    if (last === undefined) return;
    const { call, clock, requests } = this.#parts;
    const { receipt, silence } = last;
    const why = silence === undefined ? {} : { silence };
    await insist(requests, clock, {
      build: () => ({ type: 'ring', call, receipt, ...why }),
      isWanted: () => this.#parts.isWaiting() && this.#last === last,
    }).catch(() => {
      // Refused for good: the call rings no more, as its newest view says.
    });
  }
}
