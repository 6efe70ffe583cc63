import type { RefusalCode } from '@ringline/protocol';
import { RinglineError, clientError } from '../errors.ts';
import type { Clock, Fetch, HttpAnswer } from '../ports.ts';
import type { Tokens } from '../signalling/tokens.ts';
import { REQUEST_TIMEOUT_MS } from '../timing.ts';

/** What the REST API is asked with. */
export interface RestParts {
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly tokens: Tokens;
  /** The address of the WebSocket, beside which the REST API lies. */
  readonly socketUrl: string;
}

/** Fields of a query; those without a value are left out. */
export type Query = Readonly<Record<string, string | number | null | undefined>>;

interface ErrorBody {
  readonly error?: { readonly code: RefusalCode; readonly message: string; readonly path?: string };
}

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/** The server's REST API, asked with the client's token. */
export class Rest {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  /** The answer to `GET /v1/…`; rejects with the server's refusal, with `unreachable` or with `timeout`. */
  get<Answer>(name: string, query: Query): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(clientError('timeout'));
      const timer = this.#parts.clock.after(REQUEST_TIMEOUT_MS, giveUp);
      const asked = this.#ask(addressOf(this.#parts.socketUrl, name, query));
      // The types of what the server answers are its own; the SDK carries no schemas.
      asked.then((answer) => resolve(answer as Answer), reject).finally(() => timer.cancel());
    });
  }

  async #ask(address: string): Promise<unknown> {
    let answer: HttpAnswer;
    let body: unknown;
    try {
      answer = await this.#answer(address);
      body = await answer.json();
    } catch (fault) {
      throw clientError('unreachable', fault);
    }
    if (answer.ok) return body;
    throw refusalOf(answer, body as ErrorBody | null);
  }

  /** A token that ran out unnoticed, or was turned away, is fetched anew once. */
  async #answer(address: string): Promise<HttpAnswer> {
    const { fetch, tokens } = this.#parts;
    const ask = (token: string) =>
      fetch(address, { headers: { authorization: `Bearer ${token}` } });
    const answer = await ask(await tokens.current());
    if (answer.status !== UNAUTHORIZED || !tokens.areRenewable) return answer;
    return ask(await tokens.fresh());
  }
}

function addressOf(socketUrl: string, name: string, query: Query): string {
  const address = new URL(name, socketUrl);
  address.protocol = address.protocol.replace('ws', 'http');
  for (const [field, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) address.searchParams.set(field, String(value));
  }
  return address.href;
}

function refusalOf({ status, headers }: HttpAnswer, body: ErrorBody | null): RinglineError {
  // What is not in the server's words was said by something in between, or by another server.
  if (!body?.error || status === NOT_FOUND) return clientError('unreachable');
  const { code, message, ...path } = body.error;
  const waitMs = Number(headers.get('retry-after')) * 1000;
  return new RinglineError(code, message, { ...path, ...(waitMs > 0 && { retryAfterMs: waitMs }) });
}
