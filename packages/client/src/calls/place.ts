import type { CallId, CallView, Invite, Media, UserId } from '@ringline/protocol';
import { RING_TIMEOUT_MS } from '@ringline/protocol';
import { defined } from '../defined.ts';
import { hasCode } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { Devices } from '../media/devices.ts';
import type { AbortSignalLike, Clock } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import type { CallTable, Placing } from './call-table.ts';
import { checkContent, checkRingTimeout, checkUser } from './checks.ts';
import type { LiveCall } from './live-call.ts';
import { untilDecided } from './state-rules.ts';

export interface CallOptions {
  /** `audio` when absent. */
  readonly media?: Media;
  /** Shown to the callee's app with the invitation; at most MAX_CONTENT_BYTES. */
  readonly content?: string;
  /** False: neither side may hold this call. */
  readonly holdable?: boolean;
  /** False: the record of this call becomes no message; it is listed all the same. */
  readonly recordMessage?: boolean;
  /** Milliseconds from MIN_RING_TIMEOUT_MS to MAX_RING_TIMEOUT_MS; RING_TIMEOUT_MS when absent. */
  readonly ringTimeoutMs?: number;
  /** Takes the call back until it is placed: what was not sent is not sent, what was is cancelled at once. */
  readonly signal?: AbortSignalLike;
}

/** What a door says beside it: the call comes of a bare invitation. */
export interface RaisedCallOptions extends CallOptions {
  /** True: of the callee's devices only pages that speak RTM ring. */
  readonly raised?: boolean;
}

/** No answer came, none can come any more, or the store fell while it committed: the server may have done it. */
const UNANSWERED = [
  'timeout',
  'unavailable',
  'not-connected',
  'replaced',
  'unauthorized',
  'too-many-devices',
] as const satisfies readonly ErrorCode[];

/** What placing a call needs. */
export interface PlaceParts {
  readonly table: CallTable;
  readonly requests: Requests;
  readonly devices: Devices | null;
  readonly clock: Clock;
  readonly id: CallId;
}

/** Opens the devices, invites, and gives the call that came of it: another one, answered, when two invitations met. */
export async function place(
  parts: PlaceParts,
  to: UserId,
  options: RaisedCallOptions,
): Promise<LiveCall> {
  const call = await placed(parts, to, options);
  // The server answered for this device; until its view says so the call is not as it was promised.
  if (call.id !== parts.id) await untilDecided(call, parts.clock).catch(() => undefined);
  return call;
}

async function placed(
  { table, requests, devices, id }: PlaceParts,
  to: UserId,
  {
    media = 'audio',
    content,
    ringTimeoutMs,
    holdable,
    recordMessage,
    raised,
    signal,
  }: RaisedCallOptions,
): Promise<LiveCall> {
  checkUser(to);
  checkContent('content', content);
  checkRingTimeout(ringTimeoutMs);
  const optional = defined({ content, ringTimeoutMs, holdable, recordMessage, raised });
  const invitation = { call: id, to, media, ...optional };
  const lease = await devices?.open({ audio: true, video: media === 'video' });
  const placing: Placing = { id, to, isSent: false, views: [] };
  const isOver = new Promise<void>((resolve) => (placing.ended = resolve));
  const request = () => {
    placing.isSent = true;
    return { type: 'invite', ...invitation } as const;
  };
  table.beginPlacing(placing);
  try {
    signal?.throwIfAborted();
    const call = await table.inPlaceOfLive(
      id,
      async () => {
        const survivor = await invited(requests, request, signal);
        return table.placed(firstView(survivor, invitation));
      },
      isOver,
    );
    if (signal?.aborted) void call.abandon();
    signal?.throwIfAborted();
    if (lease !== undefined) call.take(lease);
    return call;
  } catch (error) {
    lease?.release();
    // It may ring by now or be answered, and nobody would look after it.
    const isTakenBack = placing.isSent && signal?.aborted && error === signal.reason;
    if (isTakenBack || hasCode(error, ...UNANSWERED)) table.giveUp(firstView(id, invitation));
    throw error;
  } finally {
    table.endPlacing(placing);
  }
}

type Invitation = Omit<Invite, 'type' | 'seq'>;

/** Invites, and gives the call that came of it. */
async function invited(
  requests: Requests,
  request: () => Omit<Invite, 'seq'>,
  signal: AbortSignalLike | undefined,
): Promise<CallId> {
  try {
    return (await requests.request(request, { signal })).call;
  } catch (error) {
    // Done before a reconnect, but too long ago for its result to be kept: the views tell it.
    if (hasCode(error, 'stale')) return request().call;
    throw error;
  }
}

/** What is known of a call before its first view: version 0, which every view is newer than. */
function firstView(id: CallId, { call, to, media, content, ringTimeoutMs }: Invitation): CallView {
  const isOwn = id === call;
  return {
    id,
    version: 0,
    direction: isOwn ? 'outgoing' : 'incoming',
    peer: { user: to },
    media,
    ...(isOwn && defined({ content })),
    state: 'inviting',
    remainingMs: ringTimeoutMs ?? RING_TIMEOUT_MS,
  };
}
