/** A body for somebody else's server, sent as POST. */
export interface OutboundRequest {
  /** As `flawOfUrl` takes it. */
  readonly url: string;
  /** They also go where a redirect leads; Host, Content-Length and User-Agent are filled in. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For everything: resolving, connecting, redirects, and the whole answer. */
  readonly timeoutMs: number;
  /** Gives the request up: the fault is `abandoned`. */
  readonly signal?: AbortSignal;
}

/** Whatever was answered, with any status. */
export interface OutboundAnswer {
  readonly status: number;
  /** The first MAX_ANSWER_BYTES of it. */
  readonly body: string;
  /** From Retry-After, if given. */
  readonly retryAfterMs?: number;
}

/** Why there was no answer, and what it means. */
export const OUTBOUND_FAULTS = {
  timeout: 'There was no whole answer in time.',
  unreachable: 'No connection, or it broke before the answer was there.',
  'unknown-host': 'The name of the host has no address.',
  'forbidden-address': 'The host is at an address that is not public; see OUTBOUND_ALLOW.',
  'bad-url': 'The address is not of http or https, or holds a user name or a password.',
  'bad-redirect':
    'It redirected too often, without a usable address, or from https to a connection that is not private.',
  'bad-certificate': 'The certificate of the host is not valid for it.',
  'bad-answer': 'What came back is not HTTP.',
  abandoned: 'It was not wanted any more.',
} as const satisfies Readonly<Record<string, string>>;

export type OutboundFaultKind = keyof typeof OUTBOUND_FAULTS;

/** There was no answer. Its texts name neither addresses nor secrets. */
export class OutboundFault extends Error {
  readonly fault: OutboundFaultKind;

  constructor(fault: OutboundFaultKind) {
    super(OUTBOUND_FAULTS[fault]);
    this.name = 'OutboundFault';
    this.fault = fault;
  }
}

/** The way to other people's servers. */
export interface Outbound {
  /** Resolves with any answer; throws OutboundFault when there is none. */
  post(request: OutboundRequest): Promise<OutboundAnswer>;
  /** Gives up what is under way, as `abandoned`, and closes all connections. */
  close(): Promise<void>;
}
