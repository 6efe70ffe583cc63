import type { Call } from '@ringline/client';
import { RinglineError } from '@ringline/client';

/** What a page has asked of one user. */
interface Asked {
  /** Calls that have no outcome yet: what comes meanwhile may be one of them. */
  pending: number;
  /** One had no answer, and none since came about. */
  isInVain: boolean;
}

/** Calls that apps were told came to nothing, so that it can be told whether they did. */
export class InVain {
  /** By page and callee. */
  readonly #asked = new Map<object, Map<string, Asked>>();
  readonly #accepted = new WeakSet<Call>();

  /** A page calls somebody. */
  calling(page: object, callee: string, called: Promise<Call>): void {
    const asked = this.#of(page, callee);
    asked.pending++;
    const settled = (isInVain: boolean) =>
      Object.assign(asked, { pending: asked.pending - 1, isInVain });
    called.then(
      () => settled(false),
      (error: unknown) => {
        const isUnanswered = error instanceof RinglineError && error.code === 'timeout';
        settled(isUnanswered || asked.isInVain);
      },
    );
  }

  /** A page answers a call. */
  accepting(call: Call): void {
    this.#accepted.add(call);
  }

  /** Whether this page is in a call that its app called for in vain and never answered. */
  isBroken(page: object, call: Call): boolean {
    const isUnasked = call.direction === 'incoming' && !this.#accepted.has(call);
    if (call.state !== 'established' || !isUnasked) return false;
    const { pending, isInVain } = this.#of(page, call.peer.user);
    return isInVain && pending === 0;
  }

  #of(page: object, callee: string): Asked {
    const ofPage = this.#asked.get(page) ?? new Map<string, Asked>();
    this.#asked.set(page, ofPage);
    const known = ofPage.get(callee) ?? { pending: 0, isInVain: false };
    ofPage.set(callee, known);
    return known;
  }
}
