import type { Peer } from '@ringline/client';

/** Why the server gave no token; `code` is the server's, or `unreachable`. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

interface Answer {
  readonly token?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

/** Asks a server in development mode for a token; `not-found` from one in production mode. */
export async function fetchDevToken(peer: Peer): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch('/dev/token', { method: 'POST', headers, body: JSON.stringify(peer) });
  } catch (fault) {
    throw new TokenError('unreachable', 'The server did not answer.', fault);
  }
  const { token, error } = (await response.json().catch(() => ({}))) as Answer;
  if (response.ok && token !== undefined) return token;
  throw new TokenError(error?.code ?? 'internal', error?.message ?? response.statusText);
}
