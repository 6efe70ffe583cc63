import type { Leg, WaitingCall } from '../call.ts';
import { isWaiting } from '../call.ts';
import type { Ring } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done } from './changes.ts';
import { legOf, withLeg } from './legs.ts';
import type { Move } from './on-call.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';

/** A device of the callee reports that it shows the call (SIP 180). */
export function ring(world: World, command: Ring, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (role === 'caller') return notYours('Only a device of the callee can ring.');
    if (!isWaiting(call)) return wrongState(call, 'ring');
    const leg = legOf(call.legs, command.by.device);
    if (!leg || leg.state === 'refused') return wrongState(call, 'ring on this device');
    return rung(call, leg, command);
  });
}

function rung(call: WaitingCall, leg: Leg, command: Ring): Move {
  // A report from before the loss says nothing of the page that will come back.
  if (leg.state === 'lost') return ALREADY;
  const { receipt } = command;
  const silence = receipt === 'silent' ? command.silence : null;
  if (leg.state === receipt && leg.silence === silence) return ALREADY;
  const reported: Leg = { ...leg, state: receipt, silence, receiptBy: null };
  return {
    call: { ...call, state: 'ringing', legs: withLeg(call.legs, reported) },
    outcome: done(),
  };
}
