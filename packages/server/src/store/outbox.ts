import type { EventType, InvitationId } from '@ringline/protocol';

/** In what form an endpoint is told: the Standard Webhooks, or NetEase's copy-out (消息抄送). */
export const ENDPOINT_FORMATS = ['standard', 'netease'] as const;
export type EndpointFormat = (typeof ENDPOINT_FORMATS)[number];

/** The bodies of NetEase's copy-out that we have. */
export const COPY_OUT_FORMS = ['record', 'duration', 'message', 'room-start', 'room-end'] as const;
export type CopyOutForm = (typeof COPY_OUT_FORMS)[number];

interface EndpointOfAnyFormat {
  readonly id: string;
  readonly url: string;
  /** The events that it is told of; all when null. */
  readonly events: readonly EventType[] | null;
  /** Nothing new is kept for one that is not. */
  readonly isEnabled: boolean;
  readonly createdAt: number;
  /** 1 when it is made; each change is one more. */
  readonly version: number;
}

export interface StandardEndpoint extends EndpointOfAnyFormat {
  readonly format: 'standard';
  /** `whsec_` and base64; each signs, so that they can be changed one by one. */
  readonly secrets: readonly string[];
}

export interface NeteaseEndpoint extends EndpointOfAnyFormat {
  readonly format: 'netease';
  readonly appKey: string;
  readonly appSecret: string;
  /** Whether an answer 500 does not count as delivered, unlike as the vendor has it. */
  readonly only200: boolean;
  /** Which of the vendor's bodies it takes; all when null. */
  readonly forms: readonly CopyOutForm[] | null;
}

/** One address of a customer's server. */
export type Endpoint = StandardEndpoint | NeteaseEndpoint;

/** What is posted for an event: itself, or one of the bodies of NetEase's copy-out. */
export type PostForm = 'event' | CopyOutForm;

/** Something to tell customers' servers, and whom. */
export interface NewEvent {
  /** The `webhook-id`: the same at every endpoint and in every attempt. */
  readonly id: string;
  readonly type: EventType;
  /** What it is about: a call's id, who wrote to whom, or an invitation (`keyOfInvitation`). */
  readonly key: string;
  /** The event's data; the store adds the `sequence` to those that are numbered. */
  readonly data: object;
  readonly deliveries: readonly NewDelivery[];
}

export interface NewDelivery {
  readonly endpoint: string;
  readonly form: PostForm;
  /** Those of one lane reach their endpoint in order: one waits until the earlier ones are over. */
  readonly lane: string;
}

/** An event as it is kept. */
export interface StoredEvent {
  /** Grows from event to event; a database that comes back from a backup counts from there again. */
  readonly n: number;
  readonly id: string;
  readonly type: EventType;
  readonly key: string;
  readonly at: number;
  readonly data: object;
}

/** What became of one event at one endpoint. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** How the last attempt came out: an HTTP status, or why there was none. */
export interface Attempt {
  readonly at: number;
  readonly status: number | null;
  /** For the operator to read; empty when it was delivered. */
  readonly note: string;
}

/** One event on its way to one endpoint. */
export interface StoredDelivery {
  readonly n: number;
  readonly endpoint: string;
  readonly form: PostForm;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried next; null while an earlier one of its lane waits, and when it is over. */
  readonly dueAt: number | null;
  readonly last: Attempt | null;
  readonly event: Omit<StoredEvent, 'data'>;
}

/** A delivery that has been claimed, with what is to be posted. */
export interface DueDelivery {
  readonly n: number;
  readonly endpoint: string;
  readonly form: PostForm;
  /** Attempts before this one. */
  readonly attempts: number;
  /** Of all claims of it the newest: what an older one came to counts no more. */
  readonly claim: number;
  /** Since when it is tried: when it happened, or was sent again. */
  readonly since: number;
  readonly event: StoredEvent;
}

/** Whose deliveries are claimed, and for how long nobody else is given them. */
export interface Claim {
  readonly endpoint: string;
  readonly now: number;
  readonly until: number;
  readonly limit: number;
}

/** The outcome of an attempt: over, or tried again later. */
export interface Settled {
  readonly n: number;
  /** Of the attempt. */
  readonly claim: number;
  readonly state: DeliveryState;
  /** Only while it waits. */
  readonly dueAt: number | null;
  readonly attempt: Attempt;
}

/** Where an event or a delivery stands among all: by the time of the event, and of one time by its number. */
export interface OutboxPlace {
  readonly at: number;
  readonly n: number;
}

/** Which deliveries are wanted, newest first. */
export interface DeliveryQuery {
  readonly endpoint?: string;
  readonly state?: DeliveryState;
  readonly type?: EventType;
  /** The id of a call, or the key of an invitation. */
  readonly key?: string;
  /** The id of an event. */
  readonly event?: string;
  /** Epoch milliseconds of the event: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Older than the delivery at this place. */
  readonly before?: OutboxPlace;
  readonly limit: number;
}

/** Which deliveries are to be made once more: those of one endpoint, by event, state or time. */
export type ResendQuery = Pick<DeliveryQuery, 'state' | 'event' | 'from' | 'to'> & {
  readonly endpoint: string;
};

/** Some of very many, oldest first: no more than the limit are looked at, and none up to the place. */
export interface OutboxPortion {
  readonly after?: OutboxPlace;
  readonly limit: number;
}

/** What became of a portion. */
export interface PortionDone {
  readonly count: number;
  /** After which place the next portion begins; null when there is none. */
  readonly done: OutboxPlace | null;
}

/** An endpoint for which something is kept, and which is not there. */
export interface MissedEndpoint {
  readonly id: string;
  readonly since: number;
}

/** What is to be told to customers' servers, and to which; a part of the store. */
export interface OutboxStore {
  /** Endpoints made over REST, oldest first. */
  endpoints(): Promise<readonly Endpoint[]>;
  /** Keeps a new endpoint, unless there are that many already; whether it did. */
  addEndpoint(endpoint: Endpoint, most: number): Promise<boolean>;
  /** Keeps the next version of an endpoint in its place, unless the version before is not there any more; whether it did. */
  changeEndpoint(endpoint: Endpoint): Promise<boolean>;
  /** Forgets an endpoint; what is kept for it is another matter. */
  removeEndpoint(id: string): Promise<void>;
  /** Takes note of all endpoints that there are; gives those that are missed, and since when. */
  noteEndpoints(known: readonly string[], now: number): Promise<readonly MissedEndpoint[]>;
  /** Forgets deliveries to an endpoint, of those that wait the newest first; how many, no more than the limit. */
  forgetDeliveries(endpoint: string, limit: number): Promise<number>;

  /** Takes what is due at an endpoint, the longest due first; of each lane only the first that waits. */
  claimDeliveries(claim: Claim): Promise<readonly DueDelivery[]>;
  /**
   * Notes how claimed deliveries came out, unless they were claimed or sent again since; what waits behind one that is
   * over becomes due. Gives those that counted; throws SettledInPart where that was noted of some only, and another
   * fault where of none.
   */
  settleDeliveries(settled: readonly Settled[], now: number): Promise<readonly number[]>;
  /** At the start of a process that owns the store alone: what was claimed is due again. */
  releaseDeliveries(now: number): Promise<void>;
  /** When the next delivery of these endpoints is due. */
  nextDelivery(endpoints: readonly string[]): Promise<number | undefined>;
  /** When the oldest event happened that waits for one of these endpoints. */
  oldestWaiting(endpoints: readonly string[]): Promise<number | undefined>;

  deliveries(query: DeliveryQuery): Promise<readonly StoredDelivery[]>;
  /** One event with its data, by its id. */
  event(id: string): Promise<StoredEvent | undefined>;
  /**
   * Makes deliveries anew, whatever became of them, each from its first attempt; of each lane the first
   * is due, and what is newer waits behind it.
   */
  resend(query: ResendQuery & OutboxPortion, now: number): Promise<PortionDone>;
  /** Forgets events before an instant that wait nowhere, were not given up since, and whose call or invitation is over. */
  forgetEvents(before: number, portion: OutboxPortion): Promise<PortionDone>;
}

/** Whether an event has a place among those of its call or invitation. */
export function isNumbered(type: EventType): boolean {
  return type !== 'message.sent';
}

/** What an event is about: a call, a message or a bare invitation. */
export function subjectOf(type: EventType): 'call' | 'message' | 'invitation' {
  if (type === 'message.sent') return 'message';
  return type.startsWith('invitation.') ? 'invitation' : 'call';
}

/** What the keys of invitations' events begin with. No call's id has a space, so none is such a key. */
export const INVITATION_KEY = 'invitation ';

/** The key of an invitation's events. */
export function keyOfInvitation(id: InvitationId): string {
  return `${INVITATION_KEY}${id}`;
}

/** Whose key that is; undefined when it is no invitation's. */
export function invitationOfKey(key: string): InvitationId | undefined {
  return key.startsWith(INVITATION_KEY) ? key.slice(INVITATION_KEY.length) : undefined;
}

/** Which of two places is the older one, as a comparer of sorts has it. */
export function comparePlaces(one: OutboxPlace, other: OutboxPlace): number {
  return one.at - other.at || one.n - other.n;
}

/** Where a delivery stands. */
export function placeOf({ n, event }: StoredDelivery): OutboxPlace {
  return { at: event.at, n };
}

/** Whether a delivery is one of those that are asked for, wherever it stands. */
export function isWanted(
  { endpoint, state, event }: StoredDelivery,
  query: Omit<DeliveryQuery, 'before' | 'limit'>,
): boolean {
  const { from = -Infinity, to = Infinity } = query;
  return (
    endpoint === (query.endpoint ?? endpoint) &&
    state === (query.state ?? state) &&
    event.type === (query.type ?? event.type) &&
    event.key === (query.key ?? event.key) &&
    event.id === (query.event ?? event.id) &&
    event.at >= from &&
    event.at < to
  );
}

/** What a portion came to when these were looked at: a full one may not be the last. */
export function portionDone(
  count: number,
  looked: readonly OutboxPlace[],
  limit: number,
): PortionDone {
  const last = looked.length === limit ? looked.at(-1) : undefined;
  return { count, done: last ? { at: last.at, n: last.n } : null };
}
