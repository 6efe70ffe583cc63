import type {
  CallId,
  CallView,
  EndReason,
  LegEndReason,
  WaitingCallView,
} from '@ringline/protocol';
import type { Call } from '../call.ts';
import { RinglineError, clientError, wrongState } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { RequestBody } from '../signalling/requests.ts';
import { EXPIRY_MARGIN_MS, REQUEST_TIMEOUT_MS } from '../timing.ts';

/** Whether nobody has answered yet. */
export function isWaiting({ state }: Call): boolean {
  return state === 'inviting' || state === 'ringing';
}

/** Whether there is no call any more; somebody may still be told why. */
export function isOver({ state }: Pick<Call, 'state'>): boolean {
  return state === 'ended' || state === 'announcing';
}

/** Throws unless the call has this direction. */
export function requireDirection(call: Call, direction: Call['direction'], wish: string): void {
  if (call.direction === direction) return;
  throw wrongState(`Cannot ${wish} an ${call.direction} call.`);
}

/** Throws unless the call waits for an answer and has this direction. */
export function requireWaiting(call: Call, direction: Call['direction'], wish: string): void {
  requireDirection(call, direction, wish);
  if (call.state === 'established') {
    throw wrongState(`Cannot ${wish}: the call is established. End it instead.`);
  }
  if (isOver(call)) throw overError(call);
}

/** Why nothing can be done with a call that has ended. */
export function overError({ endReason }: Call): RinglineError {
  return endReason === 'answered-elsewhere'
    ? new RinglineError('answered-elsewhere', 'Another device of this user accepted first.')
    : wrongState(`The call has ended: ${endReason ?? 'gone'}. Start a new one.`);
}

/** Why the call ends when this user ends it as it stands. */
export function ownEnding({ state, direction }: Call): EndReason {
  if (state === 'established') return 'completed';
  return direction === 'outgoing' ? 'cancelled' : 'refused';
}

/** Hanging up, with its age when it is said late. */
export function endRequest(call: CallId, leftAt: number, now: number): RequestBody {
  const ageMs = now - leftAt;
  return { type: 'end', call, ...(ageMs > 0 && { ageMs }) };
}

/** Whether it refuses on this device alone: the call goes on for the user's others. */
export function isRefusalHere(request: RequestBody): boolean {
  return request.type === 'refuse' && !request.everywhere;
}

/** When a call that waits ends by itself here, and as what; the server's word should come before. */
export function expiryOf({ remainingMs, direction }: WaitingCallView): {
  readonly ms: number;
  readonly reason: EndReason | LegEndReason;
} {
  return direction === 'outgoing'
    ? { ms: remainingMs + EXPIRY_MARGIN_MS, reason: 'no-answer' }
    : { ms: remainingMs, reason: 'expired' };
}

/** Whether the peer's device is lost at the moment. */
export function isAway(view: CallView): boolean {
  return view.state === 'established' && view.peerGraceMs !== undefined;
}

/** Throws unless two devices talk. */
export function requireEstablished(call: Call, wish: string): void {
  if (isOver(call)) throw overError(call);
  if (isWaiting(call)) throw wrongState(`Cannot ${wish}: nobody has answered yet.`);
}

/** Resolves when the call waits no more; rejects with `timeout`. */
export function untilDecided(call: Call, clock: Clock): Promise<void> {
  return until(call, () => !isWaiting(call), clock);
}

/** Resolves when it is so, or the call is over; rejects with `timeout` where there is a clock. */
export function until(call: Call, isSo: () => boolean, clock?: Clock): Promise<void> {
  const isDue = () => isOver(call) || isSo();
  if (isDue()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = clock?.after(REQUEST_TIMEOUT_MS, () => {
      stop();
      reject(clientError('timeout'));
    });
    const stop = call.on('stateChanged', () => {
      if (!isDue()) return;
      stop();
      timer?.cancel();
      resolve();
    });
  });
}
