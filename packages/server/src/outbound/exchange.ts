import { request as httpRequest } from 'node:http';
import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { MAX_ANSWER_BYTES } from './limits.ts';
import type { OutboundFaultKind } from './outbound.ts';
import { OutboundFault } from './outbound.ts';

/** What came back of one request, before anything is followed. */
export interface Exchanged {
  readonly status: number;
  /** The first MAX_ANSWER_BYTES. */
  readonly body: string;
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
}

/** How to send it: everything but the address. */
export interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/** The other side closed a kept connection just as we used it (RFC 9112 §9.3.1): nothing was answered. */
class StaleConnection extends Error {}

/** One POST and its answer. Rejects with OutboundFault, or with whatever the signal was aborted for. */
export async function exchange(url: URL, sending: Sending): Promise<Exchanged> {
  try {
    const answer = await answerTo(url, sending);
    const { location, 'retry-after': retryAfter } = answer.headers;
    return { status: answer.statusCode ?? 0, body: await bodyOf(answer), location, retryAfter };
  } catch (error) {
    sending.signal.throwIfAborted();
    // Each such failure uses up a kept connection, so this ends with a new one.
    if (error instanceof StaleConnection) return exchange(url, sending);
    throw error instanceof OutboundFault ? error : new OutboundFault(faultOf(error));
  }
}

function answerTo(url: URL, { headers, body, agent, signal }: Sending): Promise<IncomingMessage> {
  const isPrivate = url.protocol === 'https:';
  const options: RequestOptions = { method: 'POST', headers, agent, signal };
  return new Promise((resolve, reject) => {
    const request = (isPrivate ? httpsRequest : httpRequest)(url, options, resolve);
    request.once('error', (error) => {
      const isStale = request.reusedSocket && BROKEN.has(codeOf(error));
      reject(isStale ? new StaleConnection() : error);
    });
    request.end(body);
  });
}

const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Reads no more than it keeps; the connection of a longer one is closed. */
async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function faultOf(error: unknown): OutboundFaultKind {
  const code = codeOf(error);
  if (code === 'ENOTFOUND') return 'unknown-host';
  if (code.startsWith('HPE_')) return 'bad-answer';
  return isOfCertificate(code) ? 'bad-certificate' : 'unreachable';
}

/** The words of OpenSSL for what is wrong with a chain, and Node's own for a wrong name. */
function isOfCertificate(code: string): boolean {
  return /CERT|^ERR_TLS|SELF_SIGNED|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH/.test(code);
}
