import { lookup as lookUp } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { PermitsAddress } from './addresses.ts';
import { OutboundFault } from './outbound.ts';
import type { Outbound, OutboundAnswer, OutboundRequest } from './outbound.ts';

/** What is read of an answer: nobody has to say more to us than a small JSON. */
export const MAX_ANSWER_BYTES = 64 * 1024;
/** An address that moved has moved once, perhaps to https first. */
export const MAX_REDIRECTS = 3;
/** Connections to one host that are open at once. */
const MAX_SOCKETS_PER_HOST = 32;
/** An unused connection is let go before usual servers do so. */
const KEEP_ALIVE_MS = 4_000;

/** Those that say: the same request, elsewhere (RFC 9110 §15.4.8, §15.4.9). */
const SAME_ELSEWHERE: ReadonlySet<number> = new Set([307, 308]);

/** Looks a name up, as Node does it. */
export type LookUp = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * HTTP to addresses that others have named. What is checked is the address that the connection
 * is made to, after the name was looked up, so that no name can lead inside; each redirect anew.
 */
export class GuardedHttp implements Outbound {
  readonly #permits: PermitsAddress;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };

  constructor(permits: PermitsAddress, look: LookUp = lookUp) {
    this.#permits = permits;
    const lookup = guarded(permits, look);
    const kept = { keepAlive: true, maxSockets: MAX_SOCKETS_PER_HOST, timeout: KEEP_ALIVE_MS };
    this.#agents = {
      http: new HttpAgent({ ...kept, lookup }),
      https: new HttpsAgent({ ...kept, lookup }),
    };
  }

  async post(request: OutboundRequest): Promise<OutboundAnswer> {
    const signal = AbortSignal.timeout(request.timeoutMs);
    try {
      return await this.#follow(request, signal);
    } catch (error) {
      if (error instanceof OutboundFault) throw error;
      throw new OutboundFault(signal.aborted ? 'timeout' : faultOf(error), error);
    }
  }

  async close(): Promise<void> {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #follow(request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
    let url = urlOf(request.url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await this.#send(url, request, signal);
      const { location } = answer.headers;
      if (location === undefined || !SAME_ELSEWHERE.has(answer.statusCode ?? 0)) {
        return answerOf(answer);
      }
      answer.destroy();
      url = urlOf(location, url);
    }
    throw new OutboundFault('bad-redirect');
  }

  #send(url: URL, { headers, body }: OutboundRequest, signal: AbortSignal) {
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A literal address is connected to without being looked up.
    if (isIP(host) > 0 && !this.#permits(host)) throw new OutboundFault('forbidden-address');
    const options: RequestOptions = {
      method: 'POST',
      agent: isSecure ? this.#agents.https : this.#agents.http,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
    };
    return new Promise<IncomingMessage>((resolve, reject) => {
      const request = (isSecure ? httpsRequest : httpRequest)(url, options, resolve);
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** An address of the web, without a name and password in it. */
function urlOf(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  const isOfWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isOfWeb || url.username !== '' || url.password !== '') {
    throw new OutboundFault('bad-redirect');
  }
  return url;
}

/** Looks names up, and gives the addresses that are permitted. */
function guarded(permits: PermitsAddress, look: LookUp): LookupFunction {
  return (host, options, done) => {
    look(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const [first, ...more] = addresses.filter(({ address }) => permits(address));
      if (!first) return done(new OutboundFault('forbidden-address'), []);
      if (options.all === true) return done(null, [first, ...more]);
      return done(null, first.address, first.family);
    });
  };
}

async function answerOf(message: IncomingMessage): Promise<OutboundAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  const body = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
  const seconds = /^\d{1,6}$/.exec(message.headers['retry-after'] ?? '')?.[0];
  return {
    status: message.statusCode ?? 0,
    body,
    ...(seconds !== undefined && { retryAfterMs: Number(seconds) * 1000 }),
  };
}

function faultOf(error: unknown): 'forbidden-address' | 'unreachable' {
  const faults: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const isForbidden = faults.some((each) => each instanceof OutboundFault);
  return isForbidden ? 'forbidden-address' : 'unreachable';
}
