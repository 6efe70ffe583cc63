/** One request to a customer's server. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For all of it, from looking up the name to the end of the answer. */
  readonly timeoutMs: number;
}

export interface OutboundAnswer {
  readonly status: number;
  /** The first MAX_ANSWER_BYTES of it, as UTF-8. */
  readonly body: string;
  /** What a Retry-After in seconds says. */
  readonly retryAfterMs?: number;
}

/** Why there was no answer: a closed list, with what to do about it. */
export const OUTBOUND_FAULTS = {
  timeout: 'there was no answer in time',
  unreachable: 'nobody could be reached there',
  'forbidden-address':
    'the address is not one of the public internet; OUTBOUND_ALLOW permits others',
  'bad-redirect': 'it leads elsewhere too often, or to no address of the web',
} as const;
export type OutboundFaultKind = keyof typeof OUTBOUND_FAULTS;

/** There was no answer. */
export class OutboundFault extends Error {
  readonly kind: OutboundFaultKind;

  constructor(kind: OutboundFaultKind, cause?: unknown) {
    super(OUTBOUND_FAULTS[kind], { cause });
    this.name = 'OutboundFault';
    this.kind = kind;
  }
}

/** The only way out of the server to addresses that others have named. */
export interface Outbound {
  /** POSTs; throws OutboundFault when there is no answer, whatever its status. */
  post(request: OutboundRequest): Promise<OutboundAnswer>;
  /** Lets go of every connection. */
  close(): Promise<void>;
}
