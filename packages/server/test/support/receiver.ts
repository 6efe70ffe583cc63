import type { VirtualClock } from '@ringline/testkit';
import type { Outbound, OutboundAnswer, OutboundRequest } from '../../src/outbound/outbound.ts';
import { OutboundFault } from '../../src/outbound/outbound.ts';
import type { Endpoint } from '../../src/store/outbox.ts';

/** A secret of 24 bytes. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;

/** What a receiver does with a request: a status, an answer, nothing at all, or it is not there. */
export type Reaction = number | OutboundAnswer | 'stalls' | 'is away';

/** One request as it came. */
export interface Received extends OutboundRequest {
  readonly at: number;
}

/** Customers' servers under virtual time: they note what comes, and react as they are told. */
export class Receiver implements Outbound {
  readonly received: Received[] = [];
  react: (request: OutboundRequest) => Reaction = () => 204;
  /** Requests that have no answer yet. */
  pending = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async post(request: OutboundRequest): Promise<OutboundAnswer> {
    this.received.push({ ...request, at: this.#clock.now() });
    const reaction = this.react(request);
    this.pending++;
    await this.#wait(reaction === 'stalls' ? request.timeoutMs : 1);
    this.pending--;
    if (reaction === 'stalls') throw new OutboundFault('timeout');
    if (reaction === 'is away') throw new OutboundFault('unreachable');
    return typeof reaction === 'number' ? { status: reaction, body: '' } : reaction;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The types of the events that came, in order. */
  types(url?: string): readonly string[] {
    return this.events(url).map(({ type }) => type);
  }

  /** The events that came, in order. */
  events(url?: string) {
    return this.received
      .filter((request) => url === undefined || request.url === url)
      .map((request) => JSON.parse(request.body) as { type: string; data: Told });
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve));
  }
}

/** What tests look at in an event. */
export interface Told {
  readonly call?: string;
  readonly sequence?: number;
  readonly [field: string]: unknown;
}

/** An endpoint of the configuration that is told of everything. */
export function endpointAt(url: string, over: Partial<Endpoint> = {}): Endpoint {
  const common = { id: url.replaceAll(/\W+/g, '-'), url, events: null, isEnabled: true };
  const standard = {
    format: 'standard',
    secrets: [WEBHOOK_SECRET],
    createdAt: 0,
    version: 1,
  } as const;
  return { ...common, ...standard, ...over } as Endpoint;
}
