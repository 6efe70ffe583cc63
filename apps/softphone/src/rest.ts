import type { CallRecord, Peer, UserId } from '@ringline/protocol';

/** Why a REST request gave nothing; `code` is the server's, or `unreachable`. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A user that the server has seen. */
export interface Person extends Peer {
  readonly online: boolean;
  /** Epoch milliseconds. */
  readonly seenAt: number;
}

/** One page of a list, and where the next begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Gives a valid token. */
export type TokenSource = () => Promise<string>;

/** Asks a server in development mode for a token; `not-found` from one in production mode. */
export async function fetchDevToken(peer: { user: UserId; name?: string }): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(peer);
  const { token } = await requested<{ token: string }>('/dev/token', {
    method: 'POST',
    headers,
    body,
  });
  return token;
}

/** The REST API as this page uses it. */
export class Rest {
  readonly #token: TokenSource;

  constructor(token: TokenSource) {
    this.#token = token;
  }

  /** Everybody the server has seen, by user id. */
  async people(): Promise<Person[]> {
    const people: Person[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Person> = await this.#get('/v1/users', { cursor, limit: '100' });
      people.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return people;
  }

  /** This user's call records, newest first. */
  records(cursor: string | null): Promise<Page<CallRecord>> {
    return this.#get('/v1/records', { cursor, limit: '50' });
  }

  async #get<T>(path: string, query: Readonly<Record<string, string | null>>): Promise<T> {
    const asked = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
    const headers = { authorization: `Bearer ${await this.#token()}` };
    return requested<T>(`${path}?${new URLSearchParams(asked).toString()}`, { headers });
  }
}

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string };
}

async function requested<T>(address: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (fault) {
    throw new RestError('unreachable', 'The server did not answer.', fault);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const { error } = (body ?? {}) as ErrorBody;
  throw new RestError(error?.code ?? 'internal', error?.message ?? response.statusText);
}
