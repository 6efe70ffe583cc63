import type { Clock, Timer } from '../ports.ts';
import { BACK_OFF_MAX_MS, RENEW_BEFORE_MS } from '../timing.ts';
import type { Requests } from './requests.ts';
import type { Tokens } from './tokens.ts';
import { lifeOf } from './tokens.ts';

/** Gives the connection a fresh token before the old one expires. */
export class Renewal {
  readonly #clock: Clock;
  readonly #tokens: Tokens;
  readonly #requests: Requests;
  #timer: Timer | undefined;

  constructor(clock: Clock, tokens: Tokens, requests: Requests) {
    this.#clock = clock;
    this.#tokens = tokens;
    this.#requests = requests;
  }

  /** Renews in time for a token that expires in `lifeMs`; does nothing for one that never does. */
  schedule(lifeMs: number | undefined): void {
    if (lifeMs === undefined || !this.#tokens.areRenewable) return;
    this.#renewAfter(Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2));
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #renewAfter(ms: number): void {
    this.cancel();
    const timer = this.#clock.after(ms, () => {
      // A provider that fails, or whose token is refused, is asked again; the connection lives on.
      this.#renew(timer).catch(() => {
        if (timer === this.#timer) this.#renewAfter(BACK_OFF_MAX_MS);
      });
    });
    this.#timer = timer;
  }

  async #renew(timer: Timer): Promise<void> {
    const token = await this.#tokens.fresh();
    if (timer !== this.#timer) return;
    await this.#requests.request(() => ({ type: 'renew-token', token }));
    const lifeMs = lifeOf(token);
    this.#tokens.learnLife(lifeMs);
    this.schedule(lifeMs);
  }
}
