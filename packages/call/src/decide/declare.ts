import type { Declare } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done } from './changes.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';

/** A side says whether it sends sound and picture: nothing but the views depends on it. */
export function declare(world: World, command: Declare, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (call.state !== 'established') return wrongState(call, 'declare what is sent');
    const side = call.sides[role];
    if (side.device !== command.by.device) {
      return notYours('Only the two devices of the call declare what they send.');
    }
    const said = { muted: !command.microphone, cameraOff: !command.camera };
    if (side.muted === said.muted && side.cameraOff === said.cameraOff) return ALREADY;
    const sides = { ...call.sides, [role]: { ...side, ...said } };
    return { call: { ...call, sides }, outcome: done() };
  });
}
