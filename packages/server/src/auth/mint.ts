import type { Peer } from '@ringline/protocol';
import { SignJWT } from 'jose';
import { Claims } from './claims.ts';

/** How long a token lives unless its maker says otherwise: a working day and a night. */
export const DEFAULT_TTL_SECONDS = 24 * 60 * 60;

/** With what a token is signed, and for whom. */
export interface Mint {
  /** The shared secret for HS256. */
  readonly secret: string;
  readonly audience?: string;
  readonly issuer?: string;
}

/** A token for this user that expires `ttlSeconds` after `now` (epoch milliseconds). */
export async function mintToken(
  mint: Mint,
  { user, name, avatar }: Peer,
  { now, ttlSeconds }: { readonly now: number; readonly ttlSeconds: number },
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const token = new SignJWT({ ...(name && { name }), ...(avatar && { avatar }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds);
  if (mint.audience !== undefined) token.setAudience(mint.audience);
  if (mint.issuer !== undefined) token.setIssuer(mint.issuer);
  return token.sign(Buffer.from(mint.secret, 'utf8'));
}

/** Why nobody can have a token with these claims, or undefined when somebody can. */
export function flawOfPeer({ user, name, avatar }: Peer): string | undefined {
  const claims = Claims.safeParse({ sub: user, name, avatar });
  const issue = claims.error?.issues[0];
  return issue && `${issue.path[0] === 'sub' ? 'user' : String(issue.path[0])}: ${issue.message}`;
}
