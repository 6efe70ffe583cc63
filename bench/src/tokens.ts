import { SignJWT } from 'jose';
import type { UserId } from '@ringline/protocol';

/** The secret of measured servers; they live for a minute, on loopback. */
export const TOKEN_SECRET = 'a secret of servers that live for the minute of a measurement';

/** A token as a customer's backend would make it. */
export function tokenOf(user: UserId): Promise<string> {
  return new SignJWT({ name: `Name of ${user}` })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(TOKEN_SECRET));
}
