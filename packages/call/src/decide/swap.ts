import type { Established, Role } from '../call.ts';
import type { Swap } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { besideOf, roomBeside } from './beside.ts';
import type { Move } from './on-call.ts';
import { ALREADY, onSide, wrongState } from './on-call.ts';
import { holdCleared } from './resume.ts';

/** A user with two calls takes the one that it holds and holds the other, as one step. */
export function swap(world: World, command: Swap, now: number): Decision {
  return onSide(world, command, now, 'swap', (call, role) =>
    call.sides[role].holds
      ? taken(world, call, role, command, now)
      : takenAlready(world, call, command, now),
  );
}

function taken(world: World, call: Established, role: Role, command: Swap, now: number): Move {
  const beside = besideOf(world, call.id, command.by.user, now);
  if (beside.kind === 'none' || beside.kind === 'alerting') {
    return {
      ...wrongState(call, 'swap', NO_OTHER),
      ...('lapsed' in beside && { other: beside.lapsed }),
    };
  }
  const room = roomBeside(beside, command.isPermitted, now);
  return room.outcome.ok ? { ...room, call: holdCleared(call, role, false, now) } : room;
}

function takenAlready(world: World, call: Established, command: Swap, now: number): Move {
  const beside = besideOf(world, call.id, command.by.user, now);
  return beside.kind === 'held' ? ALREADY : wrongState(call, 'swap', NO_OTHER);
}

const NO_OTHER = 'and there is no other call to swap it with';
