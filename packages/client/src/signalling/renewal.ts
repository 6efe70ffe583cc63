import type { Clock, Timer } from '../ports.ts';
import { BACK_OFF_MAX_MS, renewalIn } from '../timing.ts';
import type { Requests } from './requests.ts';
import type { Tokens } from './tokens.ts';

/** Gives the connection a fresh token before the old one expires. */
export class Renewal {
  readonly #clock: Clock;
  readonly #tokens: Tokens;
  readonly #requests: Requests;
  readonly #renewed: () => void;
  #timer: Timer | undefined;

  /** `renewed` is told that the server took a fresh one: it allows again what an expired one forbade. */
  constructor(clock: Clock, tokens: Tokens, requests: Requests, renewed: () => void) {
    this.#clock = clock;
    this.#tokens = tokens;
    this.#requests = requests;
    this.#renewed = renewed;
  }

  /** The server took the token in hand, or this one, for `lifeMs`: it is renewed in time, unless it never expires. */
  taken(lifeMs: number | undefined, token?: string): void {
    this.#tokens.learnLife(lifeMs, token);
    if (lifeMs === undefined || !this.#tokens.areRenewable) return;
    this.#renewAfter(renewalIn(lifeMs));
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
    await this.take(token);
  }

  /** Gives the connection this token, now; resolves with its life in milliseconds, rejects with the refusal. */
  async take(token: string): Promise<number | undefined> {
    const request = { type: 'renew-token', token } as const;
    const { tokenExpiresMs } = await this.#requests.request(() => request);
    this.taken(tokenExpiresMs, token);
    this.#renewed();
    return tokenExpiresMs;
  }
}
