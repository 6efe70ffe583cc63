import type { Clock } from '../ports.ts';

/** Gives a token that is valid from now; asked again before each expires. */
export type TokenProvider = () => string | Promise<string>;

/** Where the token comes from: a provider is asked when the last one ran out or was turned away. */
export class Tokens {
  readonly #clock: Clock;
  readonly #provider: TokenProvider | undefined;
  #token: string | undefined;
  #expiresAt = Infinity;

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
    if (this.#token !== undefined && !this.#isUsedUp()) return this.#token;
    return this.fresh();
  }

  /** A fresh one from the provider; without one, what there is. */
  async fresh(): Promise<string> {
    if (this.#provider === undefined) return this.#token ?? '';
    const token = await this.#provider();
    this.#token = token;
    this.#expiresAt = Infinity;
    return token;
  }

  /** The server would not have the token. */
  discard(): void {
    this.#expiresAt = -Infinity;
  }

  /** The server said how long the token is good for. */
  learnLife(ms: number | undefined): void {
    this.#expiresAt = ms === undefined ? Infinity : this.#clock.now() + ms;
  }

  #isUsedUp(): boolean {
    return this.#provider !== undefined && this.#clock.now() >= this.#expiresAt;
  }
}

/** Milliseconds from a JWT's issue to its expiry (RFC 7519 §4.1), or undefined when it does not say. */
export function lifeOf(token: string): number | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    const json = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const { iat, exp } = JSON.parse(json) as { iat?: unknown; exp?: unknown };
    return typeof iat === 'number' && typeof exp === 'number' ? (exp - iat) * 1000 : undefined;
  } catch {
    return undefined;
  }
}
