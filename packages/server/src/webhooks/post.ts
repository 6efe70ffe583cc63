import type { Outbound, OutboundAnswer } from '../outbound/outbound.ts';
import { OutboundFault } from '../outbound/outbound.ts';
import { standardHeaders } from '../outbound/standard-webhooks.ts';
import type { Endpoint, NeteaseEndpoint, PostForm, StoredEvent } from '../store/outbox.ts';
import { CHECK_BODY, copyOutHeaders, copyOutOf } from './netease.ts';

/** A receiver takes an event and answers; working on it is for later. */
export const STANDARD_TIMEOUT_MS = 15_000;
/** As the vendor documents it. */
export const NETEASE_TIMEOUT_MS = 5_000;
/** The longest that any attempt takes. */
export const MAX_TIMEOUT_MS = Math.max(STANDARD_TIMEOUT_MS, NETEASE_TIMEOUT_MS);
/** Characters that are kept of an answer: enough for the operator to see what it was. */
export const MAX_NOTE = 200;

const JSON_TYPE = { 'content-type': 'application/json' };

/** How an attempt came out. */
export interface Outcome {
  readonly isDelivered: boolean;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly note: string;
  readonly retryAfterMs: number;
}

const NOTHING_TO_TELL: Outcome = { isDelivered: true, status: null, note: '', retryAfterMs: 0 };

/** Somebody has changed the format of an endpoint in its file: what waits is in the other one. */
const OTHER_FORMAT: Outcome = {
  isDelivered: false,
  status: null,
  note: 'it waits in the format that the endpoint had before',
  retryAfterMs: 0,
};

/** Tells an endpoint of an event, once. */
export async function post(
  outbound: Outbound,
  endpoint: Endpoint,
  event: StoredEvent,
  form: PostForm,
  now: number,
): Promise<Outcome> {
  if ((endpoint.format === 'standard') !== (form === 'event')) return OTHER_FORMAT;
  if (endpoint.format === 'standard') return postStandard(outbound, endpoint, event, now);
  const copyOut = copyOutOf(form, event);
  // The room of a call that nobody answered.
  if (copyOut === undefined) return NOTHING_TO_TELL;
  return postCopyOut(outbound, endpoint, copyOut, now);
}

/** The answer of a receiver to the empty copy-out with which the vendor checks an address. */
export function postCheck(outbound: Outbound, endpoint: NeteaseEndpoint, now: number) {
  const strict = { ...endpoint, only200: true };
  return postCopyOut(outbound, strict, { body: CHECK_BODY, headers: {} }, now);
}

function postStandard(
  outbound: Outbound,
  { url, secrets }: Extract<Endpoint, { format: 'standard' }>,
  { id, type, at, data }: StoredEvent,
  now: number,
): Promise<Outcome> {
  const timestamp = new Date(at).toISOString();
  const body = JSON.stringify({ type, timestamp, data });
  const headers = { ...standardHeaders({ secrets, id, at: now, body }) };
  const request = { url, headers, body, timeoutMs: STANDARD_TIMEOUT_MS };
  return attempted(outbound.post(request), (status) => status >= 200 && status < 300);
}

function postCopyOut(
  outbound: Outbound,
  endpoint: NeteaseEndpoint,
  { body, headers: special }: { body: string; headers: Readonly<Record<string, string>> },
  now: number,
): Promise<Outcome> {
  const headers = { ...JSON_TYPE, ...special, ...copyOutHeaders(endpoint, body, now) };
  const request = { url: endpoint.url, headers, body, timeoutMs: NETEASE_TIMEOUT_MS };
  // The vendor takes a server that broke on it for one that has it.
  const counts = (status: number) => status === 200 || (status === 500 && !endpoint.only200);
  return attempted(outbound.post(request), counts);
}

async function attempted(
  answered: Promise<OutboundAnswer>,
  isDelivered: (status: number) => boolean,
): Promise<Outcome> {
  try {
    const { status, body, retryAfterMs = 0 } = await answered;
    if (isDelivered(status)) return { isDelivered: true, status, note: '', retryAfterMs: 0 };
    return {
      isDelivered: false,
      status,
      note: body.slice(0, MAX_NOTE).toWellFormed(),
      retryAfterMs,
    };
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    return { isDelivered: false, status: null, note: error.message, retryAfterMs: 0 };
  }
}
