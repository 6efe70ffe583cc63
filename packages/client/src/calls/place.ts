import type { CallId, CallView, Media, UserId } from '@ringline/protocol';
import { RING_TIMEOUT_MS } from '@ringline/protocol';
import { hasCode } from '../errors.ts';
import type { Devices, Lease } from '../media/devices.ts';
import type { Clock } from '../ports.ts';
import type { Requests } from '../signalling/requests.ts';
import type { CallTable } from './call-table.ts';
import { checkContent, checkRingTimeout, checkUser } from './checks.ts';
import type { LiveCall } from './live-call.ts';
import { untilDecided } from './state-rules.ts';

export interface CallOptions {
  /** `audio` when absent. */
  readonly media?: Media;
  /** Shown to the callee's app with the invitation; at most MAX_CONTENT_BYTES. */
  readonly content?: string;
  /** Milliseconds from MIN_RING_TIMEOUT_MS to MAX_RING_TIMEOUT_MS; RING_TIMEOUT_MS when absent. */
  readonly ringTimeoutMs?: number;
}

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
  options: CallOptions,
): Promise<LiveCall> {
  const call = await placed(parts, to, options);
  // The server answered for this device; until its view says so the call is not as it was promised.
  if (call.id !== parts.id) await untilDecided(call, parts.clock).catch(() => undefined);
  return call;
}

async function placed(
  { table, requests, devices, id }: PlaceParts,
  to: UserId,
  options: CallOptions,
): Promise<LiveCall> {
  const { media = 'audio', content, ringTimeoutMs } = options;
  checkUser(to);
  checkContent('content', content);
  checkRingTimeout(ringTimeoutMs);
  const lease = await devices?.open({ audio: true, video: media === 'video' });
  const placing = { id, to, views: [] };
  table.beginPlacing(placing);
  try {
    const survivor = await invite(requests, { call: id, to, media, content, ringTimeoutMs });
    return adopt(table, firstView(survivor, id, to, options), lease);
  } catch (error) {
    lease?.release();
    // It may ring by now, and nobody would answer for it.
    if (hasCode(error, 'timeout')) {
      void table.ensure(firstView(id, id, to, options)).abandon();
    }
    throw error;
  } finally {
    table.endPlacing(placing);
  }
}

interface Invitation {
  readonly call: CallId;
  readonly to: UserId;
  readonly media: Media;
  readonly content: string | undefined;
  readonly ringTimeoutMs: number | undefined;
}

async function invite(requests: Requests, invitation: Invitation): Promise<CallId> {
  const { call, to, media, content, ringTimeoutMs } = invitation;
  const more = {
    ...(content !== undefined && { content }),
    ...(ringTimeoutMs !== undefined && { ringTimeoutMs }),
  };
  try {
    const answer = await requests.request(() => ({ type: 'invite', call, to, media, ...more }));
    return answer.type === 'invited' ? answer.call : call;
  } catch (error) {
    // Done before a reconnect, but too long ago for its result to be kept: the views tell it.
    if (hasCode(error, 'stale')) return call;
    throw error;
  }
}

function adopt(table: CallTable, view: CallView, lease: Lease | undefined): LiveCall {
  const call = table.ensure(view);
  if (lease !== undefined) call.take(lease);
  return call;
}

/** What is known of a call before its first view: version 0, which every view is newer than. */
function firstView(id: CallId, own: CallId, to: UserId, options: CallOptions): CallView {
  const { media = 'audio', content, ringTimeoutMs = RING_TIMEOUT_MS } = options;
  const isOwn = id === own;
  return {
    id,
    version: 0,
    direction: isOwn ? 'outgoing' : 'incoming',
    peer: { user: to },
    media,
    ...(isOwn && content !== undefined && { content }),
    state: 'inviting',
    remainingMs: ringTimeoutMs,
  };
}
