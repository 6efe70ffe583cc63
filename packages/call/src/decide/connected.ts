import type { Established, Role } from '../call.ts';
import type { Connected } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done } from './changes.ts';
import { ALREADY, notYours, onCall, wrongState } from './on-call.ts';

/** A side receives media; with both, the call is connected and its talking time begins. */
export function connected(world: World, command: Connected, now: number): Decision {
  return onCall(world, command, now, (call, role) => {
    if (call.state !== 'established') return wrongState(call, 'report media');
    if (call.sides[role].device !== command.by.device) {
      return notYours('Only the two devices of the call report media.');
    }
    // A report about a connection that a reload has replaced says nothing of the new one.
    if (command.epoch !== call.epoch || call.sides[role].connected) return ALREADY;
    return { call: withMedia(call, role, now), outcome: done() };
  });
}

function withMedia(call: Established, role: Role, now: number): Established {
  const sides = { ...call.sides, [role]: { ...call.sides[role], connected: true } };
  if (call.connectedAt !== null || !sides.caller.connected || !sides.callee.connected) {
    return { ...call, sides };
  }
  return { ...call, sides, connectedAt: now, connectTimer: null };
}
