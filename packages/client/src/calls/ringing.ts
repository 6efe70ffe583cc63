import type { Receipt, Silence } from '@ringline/protocol';
import type { Call } from '../call.ts';
import type { Requests } from '../signalling/requests.ts';
import { isWaiting } from './state-rules.ts';

/** This device's own word about its ringing: the last one counts. */
export class Ringing {
  readonly #call: Call;
  readonly #requests: Requests;
  #last: { readonly receipt: Receipt; readonly silence?: Silence } | undefined;

  constructor(call: Call, requests: Requests) {
    this.#call = call;
    this.#requests = requests;
  }

  get isReported(): boolean {
    return this.#last !== undefined;
  }

  report(receipt: Receipt, silence: Silence | undefined): Promise<void> {
    this.#last = { receipt, ...(silence && { silence }) };
    return this.repeat();
  }

  /** A server that lost this device for a moment has forgotten its word. */
  async repeat(): Promise<void> {
    const last = this.#last;
    if (last === undefined) return;
    const build = () => ({ type: 'ring', call: this.#call.id, ...last }) as const;
    const isWanted = () => isWaiting(this.#call) && this.#last === last;
    await this.#requests.insist(build, isWanted).catch(() => {
      // Refused for good: the call rings no more, as its newest view says.
    });
  }
}
