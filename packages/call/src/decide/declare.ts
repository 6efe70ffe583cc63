import type { Declare } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done } from './changes.ts';
import { ALREADY, onSide } from './on-call.ts';

/** A side says whether it sends sound and picture: nothing but the views depends on it. */
export function declare(world: World, command: Declare, now: number): Decision {
  return onSide(world, command, now, 'declare what is sent', (call, role) => {
    const side = call.sides[role];
    const said = { muted: !command.microphone, cameraOff: !command.camera };
    if (side.muted === said.muted && side.cameraOff === said.cameraOff) return ALREADY;
    const sides = { ...call.sides, [role]: { ...side, ...said } };
    return { call: { ...call, sides }, outcome: done() };
  });
}
