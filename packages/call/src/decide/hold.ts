import type { Established, Role } from '../call.ts';
import type { Hold } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done, refused } from './changes.ts';
import type { Move } from './on-call.ts';
import { ALREADY, onSide } from './on-call.ts';
import { withoutVideo } from './picture.ts';
import { standingOf } from './standing.ts';

/** A side holds: from here on neither side sends. Both may hold, each for itself. */
export function hold(world: World, command: Hold, now: number): Decision {
  return onSide(world, command, now, 'hold', (call, role) => {
    return holdOf(call, role, command.isPermitted, now);
  });
}

/** The call once this side holds it, or why it cannot. */
export function holdOf(call: Established, role: Role, isPermitted: boolean, now: number): Move {
  if (!isPermitted || !call.isHoldable) return { outcome: refused('not-permitted') };
  switch (standingOf(call, role)) {
    case 'own-resume':
      return { outcome: refused('in-progress') };
    case 'own-hold':
    case 'both-hold':
      return ALREADY;
    case 'own-request':
    case 'other-request':
      return { call: held(withoutVideo(call, 'held', role), role), outcome: done() };
    case 'video':
      return { call: held(setAside(call, role, now), role), outcome: done() };
    case 'other-resume':
    case 'other-hold':
    case 'audio':
      return { call: held(call, role), outcome: done() };
  }
}

/** A resume that was under way is over: it leaves this hold standing. */
function held(call: Established, role: Role): Established {
  return { ...withHold(call, role, true), resuming: null };
}

function setAside(call: Established, role: Role, now: number): Established {
  return { ...withoutVideo(call, 'held', role), setAside: { since: now, askedBy: null } };
}

/** The call with this side's hold set or cleared. */
export function withHold(call: Established, role: Role, holds: boolean): Established {
  return { ...call, sides: { ...call.sides, [role]: { ...call.sides[role], holds } } };
}
