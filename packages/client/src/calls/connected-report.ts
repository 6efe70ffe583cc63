import type { Call } from '../call.ts';
import type { Requests } from '../signalling/requests.ts';

/** This device's own word that it receives media: once for each epoch. */
export class ConnectedReport {
  readonly #call: Call;
  readonly #requests: Requests;
  #epoch = 0;

  constructor(call: Call, requests: Requests) {
    this.#call = call;
    this.#requests = requests;
  }

  report(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    const build = () => ({ type: 'connected', call: this.#call.id, epoch }) as const;
    const isWanted = () => this.#call.state === 'established' && this.#epoch === epoch;
    this.#requests.insist(build, isWanted).catch(() => {
      // Refused for good: the newest view says what the call has become.
    });
  }
}
