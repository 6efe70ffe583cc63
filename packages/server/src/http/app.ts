import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import type { CallPolicy } from '../calls/call-policy.ts';
import type { Log } from '../observe/log.ts';
import type { Scrape } from '../observe/prometheus-metrics.ts';
import { StoreFault } from '../store/store.ts';
import { bearerBy } from './bearer.ts';
import type { RestBudgets } from './bearer.ts';
import { takeJson } from './json-body.ts';
import { malformed } from './validate.ts';
import { allowOrigins } from './cors.ts';
import { serveDevTokens } from './dev-token.ts';
import type { MintDevToken } from './dev-token.ts';
import { HTTP_ERRORS, HttpError, errorBody } from './errors.ts';
import type { HttpErrorCode } from './errors.ts';
import type { AllowsOrigin } from './origins.ts';
import type { RequireOperator } from './operator.ts';
import { servePages } from './pages.ts';
import type { Readiness } from './readiness.ts';
import { serveRest } from './rest.ts';
import type { RestStore } from './rest.ts';
import { serveWebhooks } from './webhooks.ts';
import type { Operator } from '../webhooks/operator.ts';

/** What the HTTP side needs of the rest. */
export interface AppParts {
  readonly authenticator: Authenticator;
  readonly store: RestStore;
  readonly readiness: Readiness;
  readonly scrape: Scrape;
  /** Whether the bus to other nodes is connected; absent where there is none. Without it a node still serves. */
  readonly isBusConnected?: () => boolean;
  readonly budgets: RestBudgets;
  /** What users may do. */
  readonly policy: CallPolicy;
  readonly log: Log;
  readonly allowsOrigin: AllowsOrigin;
  /** The built pages; they may be missing. */
  readonly pages: string;
  /** What operators do with webhooks, and who is one. */
  readonly webhooks?: { readonly operator: Operator; readonly requireOperator: RequireOperator };
  /** Given in development mode only. */
  readonly mintDevToken?: MintDevToken;
  readonly timeouts?: HttpTimeouts;
}

/** How long a client may take. */
export interface HttpTimeouts {
  /** For all headers of a request, from connecting on. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** How often they are looked at. */
  readonly checkMs: number;
}

/** A slow phone sends its headers in a second; who takes ten is holding the socket. */
const TIMEOUTS: HttpTimeouts = { headersMs: 10_000, requestMs: 15_000, checkMs: 2_000 };

/** The largest body that any address takes is an endpoint: an address of 2 KB, three secrets, and names. */
const MAX_BODY_BYTES = 16 * 1024;

/** The HTTP side of the server, not yet listening; WebSockets are taken elsewhere, from its `server`. */
export function createApp(parts: AppParts): FastifyInstance {
  const { headersMs, requestMs, checkMs } = parts.timeouts ?? TIMEOUTS;
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestMs,
    // An address that cannot be decoded never reaches the error handler.
    frameworkErrors: (error, _request, reply) => sendError(reply, answerTo(error)),
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkMs,
      // Other offers (h2c) are declined by answering in HTTP/1.1 (RFC 9110 §7.8).
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });
  refuseBrokenQueries(app);
  takeJson(app);
  answerErrors(app, parts.log);
  allowOrigins(app, parts.allowsOrigin);
  serveHealth(app, parts);
  serveRest(app, parts.store, bearerBy(parts.authenticator, parts.budgets, parts.policy));
  if (parts.webhooks) {
    serveWebhooks(app, parts.webhooks.operator, parts.webhooks.requireOperator);
  }
  if (parts.mintDevToken) serveDevTokens(app, parts.mintDevToken);
  servePages(app, parts.pages);
  return app;
}

function serveHealth(app: FastifyInstance, parts: AppParts): void {
  const { readiness, scrape, isBusConnected } = parts;
  app.get('/healthz', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const reason = readiness.whyNot();
    reply.header('cache-control', 'no-store');
    return reply.code(reason === undefined ? 200 : 503).send({
      ready: reason === undefined,
      reason,
      ...(isBusConnected && { bus: busState(isBusConnected()) }),
    });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(scrape.contentType).send(await scrape.text()),
  );
}

function busState(isConnected: boolean): 'connected' | 'away' {
  return isConnected ? 'connected' : 'away';
}

function answerErrors(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0];
    sendError(reply, new HttpError('not-found', `There is no ${request.method} ${path}.`));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = error instanceof HttpError ? error : answerTo(error);
    if (answer.code === 'internal' || answer.code === 'unavailable') {
      log.error({ err: error, route: request.routeOptions.url }, 'a request could not be answered');
    }
    sendError(reply, answer);
  });
}

/** A query that cannot be decoded would be read as it stands there, and find nothing. */
function refuseBrokenQueries(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ url }) => {
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    if (path.startsWith('/v1/') && !isDecodable(query)) throw malformed('query', BROKEN_ESCAPE);
  });
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const BROKEN_ESCAPE = 'has a % that escapes no character of UTF-8; write %25 for the sign itself';

/** What the client is told of an error that none of our handlers made. */
function answerTo(error: FastifyError): HttpError {
  if (error instanceof StoreFault) return new HttpError('unavailable');
  return REFUSALS.get(error.code)?.() ?? otherwise(error);
}

/** Refusals of the framework itself that concern a part of the request. */
const REFUSALS: ReadonlyMap<string, () => HttpError> = new Map([
  ['FST_ERR_BAD_URL', () => malformed('url', BROKEN_ESCAPE)],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    () => malformed('body', 'is not as long as its header says'),
  ],
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    () => ofBody('too-large', `must be at most ${MAX_BODY_BYTES} bytes`),
  ],
  [
    'FST_ERR_CTP_INVALID_MEDIA_TYPE',
    () => ofBody('unsupported-media-type', 'must be JSON, with `content-type: application/json`'),
  ],
]);

function ofBody(code: HttpErrorCode, flaw: string): HttpError {
  return new HttpError(code, `body: ${flaw}`, 'body');
}

function otherwise({ statusCode, message }: FastifyError): HttpError {
  if (statusCode === 400) return new HttpError('malformed', message);
  return new HttpError(statusCode === 404 ? 'not-found' : 'internal');
}

function sendError(reply: FastifyReply, error: HttpError): void {
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  if (error.code === 'unavailable') reply.header('retry-after', 1);
  if (error.retryAfterMs !== undefined) {
    reply.header('retry-after', Math.ceil(error.retryAfterMs / 1000));
  }
  void reply.code(HTTP_ERRORS[error.code].status).send(errorBody(error));
}
