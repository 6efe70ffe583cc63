import type { Actor, Leg, WaitingCall } from '../call.ts';
import type { Refuse } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done, refused } from './changes.ts';
import { ended } from './ending.ts';
import { isSeenNowhere, legOf, withLeg } from './legs.ts';
import type { Move } from './on-call.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';

/** The callee refuses, for the user everywhere or on this device only. */
export function refuse(world: World, command: Refuse, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (role === 'caller') return notYours('Only the callee can refuse; the caller cancels.');
    switch (call.state) {
      case 'inviting':
      case 'ringing':
        return command.everywhere
          ? refusedEverywhere(call, command.by, command.response, now)
          : refusedHere(call, command, now);
      case 'established':
        return call.sides.callee.device === command.by.device
          ? wrongState(call, 'refuse')
          : { outcome: refused('answered-elsewhere') };
      case 'ended':
        return call.reason === 'refused' ? ALREADY : wrongState(call, 'refuse');
    }
  });
}

/** The call once the callee has refused it for all devices (SIP 603). */
export function refusedEverywhere(
  call: WaitingCall,
  by: Actor,
  response: string | null,
  at: number,
): Move {
  return { call: ended(call, { reason: 'refused', at, by }, response), outcome: done() };
}

function refusedHere(call: WaitingCall, command: Refuse, now: number): Move {
  const { by, response } = command;
  const leg = legOf(call.legs, by.device);
  if (!leg) return wrongState(call, 'refuse on this device');
  if (leg.state === 'refused') return ALREADY;
  const legs = withLeg(call.legs, refusedLeg(leg, command));
  // A fork fails only when every branch has failed (RFC 3261 §16.7, step 6); where nobody looks there is none.
  if (legs.every((each) => each.state === 'refused') && !isSeenNowhere(legs)) {
    return refusedEverywhere({ ...call, legs }, by, response, now);
  }
  return { call: { ...call, legs }, outcome: done() };
}

/** Whoever has shown the call there looks at it. */
function refusedLeg(leg: Leg, { isUnseen }: Refuse): Leg {
  const wasShown = leg.state === 'alerting' || leg.state === 'silent';
  const unseen = isUnseen && !wasShown && { isUnseen: true as const };
  return { ...leg, state: 'refused', silence: null, receiptBy: null, ...unseen };
}
