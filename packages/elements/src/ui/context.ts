import type { RinglineClient } from '@ringline/client';

/** Asked by a part for the client of what it stands in; the answer is given at once, and again when it changes. */
export type ClientAnswer = (client: RinglineClient | undefined) => void;

const ASK = 'ringline-ask-client';

/** Asks around a part, through shadow roots, for a client. */
export function askForClient(part: HTMLElement, answer: ClientAnswer): void {
  part.dispatchEvent(new CustomEvent(ASK, { detail: answer, bubbles: true, composed: true }));
}

/** Gives one client to all parts inside an element that have none of their own. */
export class ClientGiver {
  #client: RinglineClient | undefined;
  readonly #answers = new Map<EventTarget, ClientAnswer>();

  constructor(host: HTMLElement) {
    host.addEventListener(ASK, (event) => {
      const [asker] = event.composedPath();
      if (asker === undefined || asker === host) return;
      event.stopPropagation();
      const answer = (event as CustomEvent<ClientAnswer>).detail;
      this.#answers.set(asker, answer);
      answer(this.#client);
    });
  }

  /** From now on another client, or none. */
  give(client: RinglineClient | undefined): void {
    if (client === this.#client) return;
    this.#client = client;
    for (const [asker, answer] of this.#answers) {
      // A part that was taken out asks again where it is put in.
      if (asker instanceof Node && asker.isConnected) answer(client);
      else this.#answers.delete(asker);
    }
  }
}
