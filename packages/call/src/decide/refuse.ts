import type { Actor, Leg, WaitingCall } from '../call.ts';
import type { Refuse } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done, refused } from './changes.ts';
import { ended } from './ending.ts';
import { legOf, withLeg } from './legs.ts';
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
  if (!leg) return command.isUnseen ? ALREADY : wrongState(call, 'refuse on this device');
  if (leg.state === 'refused') return ALREADY;
  if (command.isUnseen && wasNeverSeen(leg)) return withoutLeg(call, leg);
  const legs = withLeg(call.legs, { ...leg, state: 'refused', silence: null, receiptBy: null });
  // A fork fails only when every branch has failed (RFC 3261 §16.7, step 6).
  if (legs.every((each) => each.state === 'refused')) {
    return refusedEverywhere({ ...call, legs }, by, response, now);
  }
  return { call: { ...call, legs }, outcome: done() };
}

/** No page has said that it shows the call there. */
function wasNeverSeen({ state }: Leg): boolean {
  return state === 'delivered' || state === 'unresponsive';
}

/** As if the device were not there; without any the call ends `offline` in its time. */
function withoutLeg(call: WaitingCall, leg: Leg): Move {
  return { call: { ...call, legs: call.legs.filter((each) => each !== leg) }, outcome: done() };
}
