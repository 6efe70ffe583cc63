import { MAX_TOKEN_BYTES } from '@ringline/protocol';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { errors, jwtVerify } from 'jose';
import type { Clock } from '../clock.ts';
import { defined } from '../defined.ts';
import { flawText } from '../flaws.ts';
import type { Authenticator, Identity, Verdict } from './authenticator.ts';
import { CLOCK_TOLERANCE_SECONDS, Claims } from './claims.ts';
import type { VerificationKey } from './keys.ts';

/** What tokens are checked against; the token itself has no say in it. */
export interface TokenRules {
  /** Tried in order; at least one. */
  readonly keys: readonly VerificationKey[];
  /** When given, `aud` must contain it. */
  readonly audience?: string;
  /** When given, `iss` must equal it. */
  readonly issuer?: string;
}

type Signed =
  | { readonly kind: 'valid' | 'expired'; readonly payload: JWTPayload }
  | { readonly kind: 'forged'; readonly why: string };

/** Verifies JSON Web Tokens (RFC 7519) with the configured keys and nothing else. */
export class JwtAuthenticator implements Authenticator {
  readonly #rules: TokenRules;
  readonly #clock: Clock;

  constructor(rules: TokenRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  async verify(token: string): Promise<Verdict> {
    if (token.length > MAX_TOKEN_BYTES) {
      return { kind: 'forged', why: `longer than ${MAX_TOKEN_BYTES} bytes` };
    }
    const signed = await this.#signature(token);
    if (signed.kind === 'forged') return signed;
    const claims = Claims.safeParse(signed.payload);
    if (claims.success) return { kind: signed.kind, identity: identityOf(claims.data) };
    return { kind: 'forged', why: flawText(claims.error, signed.payload, 'token', 'claims') };
  }

  async #signature(token: string): Promise<Signed> {
    let why = 'signed by none of the configured keys';
    for (const key of this.#rules.keys) {
      try {
        return await this.#check(token, key);
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        if (!isOtherKey(error)) return { kind: 'forged', why: error.message };
        if (error instanceof errors.JOSEAlgNotAllowed) why = 'algorithm not allowed, or wrong key';
      }
    }
    return { kind: 'forged', why };
  }

  async #check(token: string, { key, algorithms }: VerificationKey): Promise<Signed> {
    const options = {
      algorithms: [...algorithms],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(this.#clock.now()),
      ...(this.#rules.audience !== undefined && { audience: this.#rules.audience }),
      ...(this.#rules.issuer !== undefined && { issuer: this.#rules.issuer }),
    } satisfies JWTVerifyOptions;
    try {
      return { kind: 'valid', payload: (await jwtVerify(token, key, options)).payload };
    } catch (error) {
      if (!(error instanceof errors.JWTExpired)) throw error;
      // Only a token that was right in its last second is merely expired: jose stops at the
      // first claim that fails, so all others are looked at again as of then.
      const lastSecond = Math.max(0, Number(error.payload.exp) - 1);
      const currentDate = new Date(lastSecond * 1000);
      const { payload } = await jwtVerify(token, key, { ...options, currentDate });
      return { kind: 'expired', payload };
    }
  }
}

/** Another configured key may still fit. */
function isOtherKey(error: Error): boolean {
  return (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed
  );
}

function identityOf({ sub, name, avatar, exp, ...policy }: Claims): Identity {
  const peer = { user: sub, ...defined({ name, avatar }) };
  // The moment from which the verdict is `expired`, the tolerance included.
  const expiresAt = exp === undefined ? null : (Math.ceil(exp) + CLOCK_TOLERANCE_SECONDS) * 1000;
  return { peer, policy: defined(policy), expiresAt };
}

type Claims = (typeof Claims)['_output'];
