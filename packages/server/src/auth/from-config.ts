import type { Clock } from '../clock.ts';
import type { TokenConfig } from '../config/config.ts';
import type { Authenticator } from './authenticator.ts';
import { JwtAuthenticator } from './jwt-authenticator.ts';
import { secretKey } from './keys.ts';
import type { Mint } from './mint.ts';

/** The authenticator that the configuration asks for. */
export function authenticatorOf(
  { secrets, publicKey, ...expected }: TokenConfig,
  clock: Clock,
): Authenticator {
  const keys = [...secrets.map(secretKey), ...(publicKey ? [publicKey] : [])];
  return new JwtAuthenticator({ keys, ...expected }, clock);
}

/** What signs our own tokens; undefined when only a public key is configured. */
export function mintOf({ secrets, audience, issuer }: TokenConfig): Mint | undefined {
  const [secret] = secrets;
  if (secret === undefined) return undefined;
  return {
    secret,
    ...(audience !== undefined && { audience }),
    ...(issuer !== undefined && { issuer }),
  };
}
