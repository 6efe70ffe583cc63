import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { Clock } from '../clock.ts';
import { VERSION } from '../version.ts';
import type { AddressGuard, AllowedAddresses } from './addresses.ts';
import { addressGuard } from './addresses.ts';
import type { Exchanged, Sending } from './exchange.ts';
import { exchange } from './exchange.ts';
import { KEEP_ALIVE_MS, MAX_CONNECTIONS_PER_HOST, MAX_REDIRECTS } from './limits.ts';
import type { Resolve } from './lookups.ts';
import { onceAtATime } from './lookups.ts';
import type { Outbound, OutboundAnswer, OutboundRequest } from './outbound.ts';
import { OutboundFault } from './outbound.ts';
import { retryAfterMs } from './retry-after.ts';
import { flawOfUrl, hostOf } from './url.ts';

/** What an outbound is made of. */
export interface HttpOutboundParts {
  readonly clock: Clock;
  /** Addresses that may be reached though they are not public. */
  readonly allowed: AllowedAddresses;
  /** To be shared by all that there are; one of its own unless given. */
  readonly resolve?: Resolve;
  /** MAX_CONNECTIONS_PER_HOST unless given; more for who bounds itself otherwise. */
  readonly connectionsPerHost?: number;
}

/** Redirects that keep method and body (RFC 9110 §15.4.8, RFC 9110 §15.4.9); all others are answers. */
const FOLLOWED: ReadonlySet<number> = new Set([307, 308]);

/**
 * Node's own HTTP: its agents connect to the very addresses that our `lookup` gave them, so what was
 * checked is what is connected to, and they know no proxies, other than `fetch` and the global agents.
 */
export class HttpOutbound implements Outbound {
  readonly #clock: Clock;
  readonly #mayReach: AddressGuard;
  readonly #resolve: Resolve;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;
  readonly #underWay = new Set<AbortController>();

  constructor({
    clock,
    allowed,
    resolve = onceAtATime(),
    connectionsPerHost = MAX_CONNECTIONS_PER_HOST,
  }: HttpOutboundParts) {
    this.#clock = clock;
    this.#mayReach = addressGuard(allowed);
    this.#resolve = resolve;
    const kept = {
      keepAlive: true,
      maxSockets: connectionsPerHost,
      timeout: KEEP_ALIVE_MS,
      lookup: this.#lookup,
    };
    this.#http = new HttpAgent(kept);
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
    this.#https = new HttpsAgent({ ...kept, rejectUnauthorized: true });
  }

  async post(request: OutboundRequest): Promise<OutboundAnswer> {
    const ending = new AbortController();
    const abandon = () => ending.abort(new OutboundFault('abandoned'));
    const tooLate = () => ending.abort(new OutboundFault('timeout'));
    const timer = this.#clock.after(request.timeoutMs, tooLate);
    request.signal?.addEventListener('abort', abandon);
    if (request.signal?.aborted) abandon();
    this.#underWay.add(ending);
    try {
      return this.#answerOf(await this.#follow(request, ending.signal));
    } finally {
      this.#underWay.delete(ending);
      request.signal?.removeEventListener('abort', abandon);
      timer.cancel();
    }
  }

  async close(): Promise<void> {
    for (const ending of this.#underWay) ending.abort(new OutboundFault('abandoned'));
    this.#http.destroy();
    this.#https.destroy();
  }

  async #follow({ url, headers, body }: OutboundRequest, signal: AbortSignal): Promise<Exchanged> {
    if (flawOfUrl(url) !== undefined) throw new OutboundFault('bad-url');
    const sent = { ...headers, 'user-agent': `Ringline/${VERSION}` };
    let target = new URL(url);
    for (let redirects = 0; ; redirects++) {
      const exchanged = await this.#send(target, { headers: sent, body, signal });
      if (!FOLLOWED.has(exchanged.status)) return exchanged;
      if (redirects === MAX_REDIRECTS) throw new OutboundFault('bad-redirect');
      target = targetOf(exchanged, target);
    }
  }

  async #send(url: URL, sending: Omit<Sending, 'agent'>): Promise<Exchanged> {
    // An address in place of a name is connected to without a lookup. URL has brought it into its usual form.
    const host = hostOf(url);
    if (isIP(host) > 0 && !this.#mayReach(host)) throw new OutboundFault('forbidden-address');
    sending.signal.throwIfAborted();
    return exchange(url, {
      ...sending,
      agent: url.protocol === 'https:' ? this.#https : this.#http,
    });
  }

  #answerOf({ status, body, retryAfter }: Exchanged): OutboundAnswer {
    const waitMs = retryAfterMs(retryAfter, this.#clock.now());
    return { status, body, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  }

  /** Gives only addresses that may be reached, to whoever connects to them. */
  readonly #lookup: LookupFunction = (hostname, options, done) => {
    this.#resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const allowed = found.filter(({ address }) => this.#mayReach(address));
      const [first] = allowed;
      if (!first) return done(new OutboundFault('forbidden-address'), []);
      return options.all ? done(null, allowed) : done(null, first.address, first.family);
    });
  };
}

/** Where a redirect leads; never from a private connection to one that everybody can read. */
function targetOf({ location = '' }: Exchanged, from: URL): URL {
  const target = URL.parse(location, from.href);
  const isUsable = location !== '' && target !== null && flawOfUrl(target.href) === undefined;
  const isWeaker = from.protocol === 'https:' && target?.protocol === 'http:';
  if (!isUsable || isWeaker) throw new OutboundFault('bad-redirect');
  return target;
}
