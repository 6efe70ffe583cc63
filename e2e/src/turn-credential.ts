import { createHmac } from 'node:crypto';

/** A user name and password for a TURN server. */
export interface TurnCredential {
  readonly username: string;
  readonly credential: string;
}

/** A credential that coturn accepts for so many seconds from now, made by hand (negative: expired). */
export function turnCredential(secret: string, user: string, seconds: number): TurnCredential {
  const username = `${Math.floor(Date.now() / 1000) + seconds}:${user}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
