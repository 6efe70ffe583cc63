import type { Actor, Call, Established, Role, Side, WaitingCall } from '../call.ts';
import type { Cancel, End } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done } from './changes.ts';
import { ended } from './ending.ts';
import type { Move } from './on-call.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';
import { refusedEverywhere } from './refuse.ts';

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
    if (!takesPart(call, role, command.by)) return notYours(ANOTHER_DEVICE);
    switch (call.state) {
      case 'inviting':
      case 'ringing':
        return role === 'caller'
          ? cancelled(call, command.by, now)
          : refusedEverywhere(call, command.by, null, now);
      case 'established':
        return hungUp(call, call.sides[role], command, now);
      case 'ended':
        return ALREADY;
    }
  });
}

const ANOTHER_DEVICE = 'The call is on another device of this user.';

/** Before the accept every device of the callee may refuse; otherwise only the two devices of the call act. */
function takesPart(call: Call, role: Role, by: Actor): boolean {
  if (role === 'caller') return call.caller.device === by.device;
  return call.state !== 'established' || call.sides.callee.device === by.device;
}

function cancelled(call: WaitingCall, by: Actor, at: number): Move {
  return { call: ended(call, { reason: 'cancelled', at, by }), outcome: done() };
}

function hungUp(call: Established, side: Side, { by, ageMs }: End, now: number): Move {
  const at = momentOfHangUp(side, ageMs, now);
  return { call: ended(call, { reason: 'completed', at, by }), outcome: done() };
}

/** A hang-up made while disconnected happened earlier, but not before this device was lost. */
function momentOfHangUp(side: Side, ageMs: number, now: number): number {
  return side.lastLostAt === null ? now : Math.max(now - ageMs, side.lastLostAt);
}
