import type { CallId, UserId } from '@ringline/protocol';
import type { Call, Command, Decision, Line, ReachableDevice, World } from '../../src/index.ts';
import { decide, isOpen, roleOf } from '../../src/index.ts';
import { reachable } from '../scene/people.ts';

/** Where everything stands between two commands. The walk freezes those that it goes on from, so that a decision that writes throws. */
export interface Position {
  readonly calls: readonly Call[];
  readonly lines: readonly Line[];
  /** The devices that are reachable. */
  readonly bound: readonly ReachableDevice[];
  readonly now: number;
  /** Who has call waiting. */
  readonly takesSecond: readonly UserId[];
}

/** Three users with two devices each. */
export const USERS: readonly UserId[] = ['alice', 'bob', 'carol'];
export const DEVICES: readonly ReachableDevice[] = deepFreeze(
  USERS.flatMap((user) => [
    reachable({ user, device: `${user}1` }),
    reachable({ user, device: `${user}2` }),
  ]),
);

/** Two calls: the second may be asked for while the first is open, or follow it. */
export const CALLS: readonly CallId[] = ['call-1', 'call-2'];

/** Nobody is there and nobody calls; nobody has call waiting. */
export const BEGINNING: Position = deepFreeze({
  calls: [],
  lines: USERS.map((user) => ({
    user,
    version: 0,
    calls: [],
    isAnnounced: true,
    takesRecords: true,
  })),
  bound: [],
  now: 1_000_000,
  takesSecond: [],
});

/** The machine, or one with a planted defect. */
export type Decide = typeof decide;

/** A command, what it decided, and where that leads. */
export interface Step {
  readonly before: Position;
  readonly command: Command;
  readonly decision: Decision;
  readonly after: Position;
}

/** Carries out one command as a server would. */
export function stepFrom(before: Position, command: Command, machine: Decide = decide): Step {
  const bound = boundAfter(before.bound, command);
  const decision = machine(worldFor({ ...before, bound }, command), command, before.now);
  const { calls, lines } = decision;
  const unchanged = calls.length === 0 && lines.length === 0 && bound === before.bound;
  const after = unchanged
    ? before
    : {
        calls: replaced(before.calls, calls, (call) => call.id),
        lines: replaced(before.lines, lines, (line) => line.user),
        bound,
        now: before.now,
        takesSecond: before.takesSecond,
      };
  return { before, command, decision, after };
}

/** What the server loads: the open calls of the users concerned, the call named, lines and devices. */
function worldFor({ calls, lines, bound, takesSecond }: Position, command: Command): World {
  const named = calls.find((call) => 'call' in command && command.call === call.id);
  const users = new Set(named ? [named.caller.user, named.callee.user] : []);
  if ('by' in command) users.add(command.by.user);
  if (command.type === 'invite') users.add(command.to);
  const concerned = calls.filter(
    (call) => call === named || (isOpen(call) && [...users].some((user) => roleOf(call, user))),
  );
  const devices = bound.map((each) => ({ ...each, takesSecond: takesSecond.includes(each.user) }));
  return { calls: concerned, lines, devices };
}

function boundAfter(bound: Position['bound'], command: Command): Position['bound'] {
  if (command.type !== 'bind' && command.type !== 'lose') return bound;
  const { device } = command.by;
  const isBound = bound.some((each) => each.device === device);
  if (isBound === (command.type === 'bind')) return bound;
  if (isBound) return bound.filter((each) => each.device !== device);
  return [...bound, ...DEVICES.filter((each) => each.device === device)];
}

function replaced<T>(all: readonly T[], changed: readonly T[], idOf: (each: T) => string) {
  if (changed.length === 0) return all;
  const ids = new Set(changed.map(idOf));
  return [...all.filter((each) => !ids.has(idOf(each))), ...changed];
}

/** The same value, which throws when somebody writes to it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}
