import type { Actor, Call, Established, Role, Side, WaitingCall } from '../call.ts';
import type { Cancel, End } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { besideOf } from './beside.ts';
import { done, refused } from './changes.ts';
import { ended } from './ending.ts';
import { legOf } from './legs.ts';
import type { Move } from './on-call.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';
import { refusedEverywhere } from './refuse.ts';
import { holdCleared } from './resume.ts';

/** The caller takes the invitation back, until the accept commits (SIP CANCEL). */
export function cancel(world: World, command: Cancel, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (role === 'callee') return notYours('Only the caller can cancel; the callee refuses.');
    if (call.caller.device !== command.by.device) return notYours(ANOTHER_DEVICE);
    switch (call.state) {
      case 'inviting':
      case 'ringing':
        return cancelled(call, command.by, now);
      case 'established':
        return wrongState(call, 'cancel');
      case 'ended':
        return call.reason === 'cancelled' ? ALREADY : wrongState(call, 'cancel');
    }
  });
}

/** One verb that ends a call in every phase: it cancels, refuses or hangs up (SIP CANCEL, 603, BYE). */
export function end(world: World, command: End, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (role === 'caller' && call.caller.device !== command.by.device) {
      return notYours(ANOTHER_DEVICE);
    }
    const move = endOf(call, role, command, now);
    return command.resumesOther && move !== ALREADY && move.outcome.ok
      ? { ...move, ...otherResumed(world, command, now) }
      : move;
  });
}

function endOf(call: Call, role: Role, command: End, now: number): Move {
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return role === 'caller'
        ? cancelled(call, command.by, now)
        : endedByCallee(call, command.by, now);
    case 'established':
      return call.sides[role].device === command.by.device
        ? hungUp(call, call.sides[role], command, now)
        : { outcome: refused('answered-elsewhere') };
    case 'ended':
      return ALREADY;
  }
}

/** With the call that ends, the one that this user holds for it is taken up again. */
function otherResumed(world: World, { call, by }: End, now: number): Pick<Move, 'other'> {
  const beside = besideOf(world, call, by.user, now);
  if (beside.kind !== 'held' || beside.call.sides[beside.role].device !== by.device) return {};
  return { other: holdCleared(beside.call, beside.role, false, now) };
}

const ANOTHER_DEVICE = 'The call is on another device of this user.';

/** For a device that has refused, the call is over: its hang-up must not refuse for the others. */
function endedByCallee(call: WaitingCall, by: Actor, now: number): Move {
  if (legOf(call.legs, by.device)?.state === 'refused') return ALREADY;
  return refusedEverywhere(call, by, null, now);
}

function cancelled(call: WaitingCall, by: Actor, at: number): Move {
  return { call: ended(call, { reason: 'cancelled', at, by }), outcome: done() };
}

function hungUp(call: Established, side: Side, { by, ageMs }: End, now: number): Move {
  const at = momentOfHangUp(call, side, ageMs, now);
  return { call: ended(call, { reason: 'completed', at, by }), outcome: done() };
}

/** A hang-up made while disconnected happened earlier, but not before this device was lost or the call began. */
function momentOfHangUp(call: Established, side: Side, ageMs: number, now: number): number {
  if (side.lastLostAt === null) return now;
  return Math.max(now - ageMs, side.lastLostAt, call.acceptedAt, call.connectedAt ?? 0);
}
