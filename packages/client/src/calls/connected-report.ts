import type { Call } from '../call.ts';
import { defined } from '../defined.ts';
import type { Requests } from '../signalling/requests.ts';

/** This device's own word that it receives media: once for each epoch, and for each resume in it. */
export class ConnectedReport {
  readonly #call: Call;
  readonly #requests: Requests;
  #last: unknown;

  constructor(call: Call, requests: Requests) {
    this.#call = call;
    this.#requests = requests;
  }

  report(epoch: number, resume: number | undefined): void {
    const said = `${epoch} ${resume}`;
    if (said === this.#last) return;
    this.#last = said;
    const build = () =>
      ({ type: 'connected', call: this.#call.id, epoch, ...defined({ resume }) }) as const;
    const isWanted = () => this.#call.state === 'established' && this.#last === said;
    this.#requests.insist(build, isWanted).catch(() => {
      // Refused for good: the newest view says what the call has become.
    });
  }
}
