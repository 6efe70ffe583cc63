import type { CallView } from '@ringline/protocol';
import type { Clock } from '../ports.ts';

/**
 * How far this device's clock stands from the server's, learned from questions and answers: the
 * server's word was written between the two. So a view that was held up on its way shows its age,
 * whatever either clock says, and a phone does not ring for a call of long ago.
 */
export class ServerTime {
  readonly #clock: Clock;
  /**
   * This device's clock less the server's, in milliseconds: the least that it may be, so that a slow way is
   * taken for age. A phone rather stops a moment early than rings on.
   */
  #offset = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The server spoke at its time `at`, in answer to what was asked at this device's time `askedAt`, if to anything. */
  answered(askedAt = -Infinity, at: number): void {
    this.#offset = Math.min(Math.max(this.#offset, askedAt - at), this.#clock.now() - at);
  }

  /** The view as it would be if it were sent now. */
  fresh(view: CallView, at: number): CallView {
    this.answered(undefined, at);
    return aged(view, this.#clock.now() - at - this.#offset);
  }
}

/** The view so much later, as far as this device counts its times by itself. */
export function aged(view: CallView, ms: number): CallView {
  if ('remainingMs' in view) {
    return { ...view, remainingMs: Math.max(0, view.remainingMs - ms) };
  }
  if (view.state !== 'established' || view.connectedMs === undefined) return view;
  return { ...view, connectedMs: view.connectedMs + ms };
}
