/** What a token of Ringline says of itself, as far as a page reads it: the server alone decides. */
export interface TokenClaims {
  readonly user?: string;
  /** Epoch milliseconds. */
  readonly expiresAt?: number;
}

/** The claims of a JWT (RFC 7519 §4.1); empty for what is none. */
export function claimsOf(token: string): TokenClaims {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(
      atob(payload.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const { sub, exp } = claims;
    return {
      ...(typeof sub === 'string' && { user: sub }),
      ...(typeof exp === 'number' && { expiresAt: exp * 1000 }),
    };
  } catch {
    return {};
  }
}
