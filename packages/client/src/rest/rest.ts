import type { Conversation, InboxItem, RefusalCode } from '@ringline/protocol';
import { RinglineError, clientError } from '../errors.ts';
import { messageOf } from '../messages/message.ts';
import type { Clock, Fetch, HttpAnswer } from '../ports.ts';
import type { Tokens } from '../signalling/tokens.ts';
import { REQUEST_TIMEOUT_MS } from '../timing.ts';
import type {
  ConversationsQuery,
  Listed,
  ListedConversation,
  ListedInbox,
  ListedRecord,
  Page,
  RecordsQuery,
  SeenUser,
} from './lists.ts';

/** What the REST API is asked with. */
export interface RestParts {
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly tokens: Tokens;
  /** The address of the WebSocket, beside which the REST API lies. */
  readonly socketUrl: string;
}

/** Fields of a query; those without a value are left out. */
type Query = Readonly<Record<string, string | number | null | undefined>>;

interface ErrorBody {
  readonly error?: { readonly code: RefusalCode; readonly message: string; readonly path?: string };
}

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/** The lists of the REST API. */
export interface Lists {
  readonly records: Listed<ListedRecord, RecordsQuery>;
  readonly users: Listed<SeenUser>;
  readonly inbox: ListedInbox;
  readonly conversations: Listed<ListedConversation, ConversationsQuery>;
}

/** The server's lists, with messages as the app knows them. */
export function listsOf(parts: RestParts): Lists {
  return {
    records: { list: (query) => ask(parts, 'records', { ...query }) },
    users: { list: (query) => ask(parts, 'users', { ...query }) },
    inbox: {
      list: async (query) => {
        const { items, head } = await ask<InboxAnswer>(parts, 'inbox', { ...query });
        return { items: items.map(messageOf), head };
      },
    },
    conversations: {
      list: async (query) => {
        const page = await ask<Page<ConversationAnswer>>(parts, 'conversations', { ...query });
        const items = page.items.map((item) => ({ ...item, last: messageOf(item.last) }));
        return { ...page, items };
      },
    },
  };
}

interface ConversationAnswer extends Conversation {
  readonly last: InboxItem;
}

interface InboxAnswer {
  readonly items: readonly InboxItem[];
  readonly head: number;
}

/** The answer to `GET /v1/…` with the client's token; rejects with the server's refusal, with `unreachable` or with `timeout`. */
function ask<Answer>(parts: RestParts, name: string, query: Query): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = parts.clock.after(REQUEST_TIMEOUT_MS, () => reject(clientError('timeout')));
    const asked = bodyFrom(parts, addressOf(parts.socketUrl, name, query));
    // The types of what the server answers are its own; the SDK carries no schemas.
    asked.then((body) => resolve(body as Answer), reject).finally(() => timer.cancel());
  });
}

async function bodyFrom(parts: RestParts, address: string): Promise<unknown> {
  let answer: HttpAnswer;
  let body: unknown;
  try {
    answer = await answerFrom(parts, address);
    body = await answer.json();
  } catch (fault) {
    throw clientError('unreachable', fault);
  }
  if (answer.ok) return body;
  throw refusalOf(answer, body as ErrorBody | null);
}

/** A token that ran out unnoticed, or was turned away, is fetched anew once. */
async function answerFrom({ fetch, tokens }: RestParts, address: string): Promise<HttpAnswer> {
  const askWith = (token: string) =>
    fetch(address, { headers: { authorization: `Bearer ${token}` } });
  const answer = await askWith(await tokens.current());
  if (answer.status !== UNAUTHORIZED || !tokens.areRenewable) return answer;
  return askWith(await tokens.fresh());
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
