import type { Established, Role } from '../call.ts';
import type { Connected } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done } from './changes.ts';
import { withClocks } from './clocks.ts';
import { withFlow } from './resume.ts';
import { ALREADY, onSide } from './on-call.ts';

/** A side receives media; with both, the call is connected and its talking time begins, or a resume has succeeded. */
export function connected(world: World, command: Connected, now: number): Decision {
  return onSide(world, command, now, 'report media', (call, role) => {
    // A report about a connection that a reload has replaced says nothing of the new one.
    if (command.epoch !== call.epoch) return ALREADY;
    const after = withFlow(withMedia(call, role, now), role, command.resume, now);
    return after === call ? ALREADY : { call: after, outcome: done() };
  });
}

function withMedia(call: Established, role: Role, now: number): Established {
  if (call.sides[role].connected) return call;
  const sides = { ...call.sides, [role]: { ...call.sides[role], connected: true } };
  if (call.connectedAt !== null || !sides.caller.connected || !sides.callee.connected) {
    return { ...call, sides };
  }
  return withClocks({ ...call, sides, connectedAt: now, connectTimer: null }, now);
}
