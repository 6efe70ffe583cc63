import type { Clock } from '../ports.ts';

/** Gives a token that is valid from now; asked again before each expires. */
export type TokenProvider = () => string | Promise<string>;

/** Where the token comes from: a provider is asked when the last one ran out or was turned away. */
export class Tokens {
  readonly #clock: Clock;
  readonly #provider: TokenProvider | undefined;
  #token: string | undefined;
  #expiresAt = Infinity;
  /** Until the server takes one. */
  #isDiscarded = false;

  constructor(clock: Clock, token: string | undefined, provider: TokenProvider | undefined) {
    this.#clock = clock;
    this.#provider = provider;
    this.#token = token;
  }

  /** Whether a newer token can be had. */
  get areRenewable(): boolean {
    return this.#provider !== undefined;
  }

  /** The token in hand, or a fresh one when there is none that is good; rejects as the provider does. */
  async current(): Promise<string> {
    const isGood = !this.areRenewable || this.#clock.now() < this.#expiresAt;
    return this.#token !== undefined && isGood ? this.#token : this.fresh();
  }

  /** A fresh one from the provider; without one, what there is. */
  async fresh(): Promise<string> {
    if (this.#provider === undefined) return this.#token ?? '';
    const token = await this.#provider();
    this.#token = token;
    this.#expiresAt = Infinity;
    return token;
  }

  /** The server would not have the token; whether a newer one can be had, which is tried once. */
  discard(): boolean {
    if (!this.areRenewable || this.#isDiscarded) return false;
    this.#isDiscarded = true;
    this.#expiresAt = -Infinity;
    return true;
  }

  /** The server took the token, or this one, and said how long it is good for. */
  learnLife(ms: number | undefined, token = this.#token): void {
    this.#token = token;
    this.#isDiscarded = false;
    this.#expiresAt = ms === undefined ? Infinity : this.#clock.now() + ms;
  }
}
