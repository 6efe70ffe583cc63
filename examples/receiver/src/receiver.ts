import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  VerificationError,
  allow,
  readPreCall,
  verifyCopyOut,
  verifyWebhook,
} from '@ringline/server-kit';
import type {
  PreCallAnswer,
  ReceivedCopyOut,
  ReceivedEvent,
  ReceivedPreCall,
} from '@ringline/server-kit';
import { Seen } from './seen.ts';

/** The largest body that is read: a message of 32 KB may be escaped six-fold in JSON. */
export const MAX_BODY_BYTES = 256 * 1024;

/** What a receiver is made with. */
export interface ReceiverOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** `whsec_…` of the webhook endpoint; several while one replaces another. */
  readonly webhookSecret: string | readonly string[];
  /** The server's `PRE_CALL_SECRET`; that of the webhooks unless given. */
  readonly preCallSecret?: string | readonly string[];
  /** For copy-outs in NetEase's form; without it they are refused. */
  readonly appSecret?: string;
  /** Told of each event once. Your queue or database is here; what it throws makes the sender send again. */
  readonly onEvent: (event: ReceivedEvent | ReceivedCopyOut) => void | Promise<void>;
  /** Asked before each call; places it unless given. A person waits meanwhile. */
  readonly decide?: (question: ReceivedPreCall) => PreCallAnswer | Promise<PreCallAnswer>;
}

/** A receiver that runs. */
export interface Receiver {
  readonly url: string;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
}

/** Takes `POST /webhooks`, `POST /netease` and `POST /pre-call` on this machine until it is stopped. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const seen = new Seen();
  const server = createServer((request, response) => {
    void answerTo(request, options, seen).then((answer) => send(response, answer));
  });
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  return { url: urlOf(server), stop: () => stop(server) };
}

async function answerTo(
  request: IncomingMessage,
  options: ReceiverOptions,
  seen: Seen,
): Promise<Answer> {
  if (request.method !== 'POST') return { status: 405 };
  try {
    const body = await bodyOf(request);
    return body === undefined ? { status: 413 } : await take(request, body, options, seen);
  } catch (error) {
    if (error instanceof VerificationError) {
      console.error(`refused: ${error.message}`);
      return { status: 400, body: { code: error.code, field: error.field } };
    }
    // Not 500: in NetEase's form that counts as delivered. The sender tries again later.
    console.error(error);
    return { status: 503 };
  }
}

async function take(
  { url, headers }: IncomingMessage,
  body: Buffer,
  options: ReceiverOptions,
  seen: Seen,
): Promise<Answer> {
  const { webhookSecret, preCallSecret = webhookSecret, appSecret, onEvent } = options;
  if (url === '/webhooks') {
    const event = verifyWebhook({ secret: webhookSecret, headers, body });
    await seen.once(event.id, () => onEvent(event));
    return { status: 204 };
  }
  if (url === '/netease' && appSecret !== undefined) {
    const copyOut = verifyCopyOut({ appSecret, headers, body });
    await seen.once(copyOut.id, () => onEvent(copyOut));
    return { status: 200, body: { code: 200 } };
  }
  if (url === '/pre-call') {
    const question = readPreCall({ secret: preCallSecret, headers, body });
    return { status: 200, body: await (options.decide?.(question) ?? allow()) };
  }
  return { status: 404 };
}

/** The bytes as they came, which were signed; undefined when there are too many. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
