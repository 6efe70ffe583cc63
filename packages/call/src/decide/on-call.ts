import type { Actor, Call, Established, Role } from '../call.ts';
import { roleOf } from '../call.ts';
import type { Decision, Outcome, World } from '../decision.ts';
import { decided, refused } from './changes.ts';
import { settled } from './expire.ts';

/** What a command makes of the one call that it names; without `call` the call stays as it is. */
export interface Move {
  readonly call?: Call;
  /** The other call of the same user, which changes with it. */
  readonly other?: Call;
  readonly outcome: Outcome;
}

/**
 * Decides a command that names a call. A ring timeout that has passed is applied first,
 * whichever node's timer is late. Strangers and unknown calls get one and the same answer.
 */
export function onCall(
  world: World,
  command: { readonly call: string; readonly by: Actor },
  now: number,
  move: (call: Call, role: Role) => Move,
): Decision {
  const before = world.calls.find((call) => call.id === command.call);
  const role = before && roleOf(before, command.by.user);
  if (!before || !role) return decided(world, [], refused('unknown-call'), now);
  const call = settled(before, now);
  const { call: after = call, other, outcome } = move(call, role);
  return decided(world, other ? [after, other] : [after], outcome, now);
}

/** Decides a command of one of the two devices of an established call. */
export function onSide(
  world: World,
  command: { readonly call: string; readonly by: Actor },
  now: number,
  wish: string,
  move: (call: Established, role: Role) => Move,
): Decision {
  return onCall(world, command, now, (call, role) => {
    if (call.state !== 'established') return wrongState(call, wish);
    return call.sides[role].device === command.by.device
      ? move(call, role)
      : notYours(`Only the two devices of the call can ${wish}.`);
  });
}

/** Nothing changes, and the sender is told that it is as it wished. */
export const ALREADY: Move = { outcome: { ok: true } };

/** Nothing changes: the call is not in a state in which the command makes sense. */
export function wrongState(call: Call, wish: string, more = ''): Move {
  const state = call.state === 'ended' ? `ended (${call.reason})` : call.state;
  const sentence = `Cannot ${wish}: the call is ${state}${more && ` ${more}`}.`;
  return { outcome: refused('wrong-state', sentence) };
}

/** Nothing changes: this device or side may not do that. */
export function notYours(message: string): Move {
  return { outcome: refused('forbidden', message) };
}
