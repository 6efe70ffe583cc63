import type { Attempt, Call, Established, Leg, WaitingCall } from '../call.ts';
import { isWaiting } from '../call.ts';
import type { Expire } from '../command.ts';
import type { Deadline } from '../deadline.ts';
import { nextDeadline } from '../deadline.ts';
import type { Decision, World } from '../decision.ts';
import { decided, done, refused } from './changes.ts';
import { ended } from './ending.ts';
import { isSeenNowhere } from './legs.ts';
import { withoutVideo } from './picture.ts';

/** A node says that the deadline of a call may have passed. */
export function expire(world: World, command: Expire, now: number): Decision {
  const call = world.calls.find((each) => each.id === command.call);
  if (!call) return decided(world, [], refused('unknown-call'), now);
  return decided(world, [pastDeadlines(call, now)], done(), now);
}

/**
 * The call once every ring deadline that has passed is applied. An established call is left to the
 * node that watches deadlines: after a restart its devices get their fresh grace before that begins.
 */
export function settled(call: Call, now: number): Call {
  return isWaiting(call) ? pastDeadlines(call, now) : call;
}

/** The call with its ring timeout applied if that has passed, and no other deadline. */
export function rungOut(call: Call, now: number): Call {
  if (!isWaiting(call) || call.expiresAt > now) return call;
  return attemptAfter(call, { kind: 'expire', at: call.expiresAt });
}

function pastDeadlines(call: Call, now: number): Call {
  let settledCall = call;
  for (
    let deadline = nextDeadline(settledCall);
    deadline && deadline.at <= now;
    deadline = nextDeadline(settledCall)
  ) {
    settledCall = afterDeadline(settledCall, deadline);
  }
  return settledCall;
}

function afterDeadline(call: Call, deadline: Deadline): Call {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return attemptAfter(call, deadline);
    case 'established':
      return establishedAfter(call, deadline);
    case 'ended':
      return call;
  }
}

function attemptAfter(call: WaitingCall, deadline: Deadline): Call {
  switch (deadline.kind) {
    case 'expire':
      // A ring timeout reached with no device at all is the earlier end of `offline`.
      return ended(
        call,
        ending(isSeenNowhere(call.legs) ? 'offline' : 'no-answer', deadline, call),
      );
    case 'offline':
      return ended(call, ending('offline', deadline, call));
    case 'caller-grace':
      return ended(call, ending('connection-lost', deadline, call));
    case 'receipt':
      return { ...call, legs: call.legs.map((leg) => unresponsiveBy(leg, deadline.at)) };
    case 'connect':
    case 'grace':
    case 'video':
    case 'resume':
      return call;
  }
}

function establishedAfter(call: Established, deadline: Deadline): Call {
  switch (deadline.kind) {
    case 'grace':
      return ended(call, ending('connection-lost', deadline, call));
    case 'connect':
      return ended(call, ending('media-failed', deadline, call));
    case 'resume':
      return ended(call, ending('resume-failed', deadline, call));
    case 'video':
      return withoutVideo(call, 'expired', null);
    case 'expire':
    case 'offline':
    case 'caller-grace':
    case 'receipt':
      return call;
  }
}

/** The moment of the deadline itself, however late the timer was. */
function ending<R>(reason: R, deadline: Deadline, call: Attempt | Established) {
  return { reason, at: Math.max(deadline.at, call.changedAt), by: null };
}

function unresponsiveBy(leg: Leg, at: number): Leg {
  if (leg.receiptBy === null || leg.receiptBy > at) return leg;
  return { ...leg, state: 'unresponsive', receiptBy: null };
}
