import type { CallId, Refusal, RefusalCode, UserId } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import type { Call, Line } from '../call.ts';
import { isOpen } from '../call.ts';
import type { Decision, Outcome, World } from '../decision.ts';

/** Done; `call` is named when it is another than the sender asked for. */
export function done(call?: CallId): Outcome {
  return call === undefined ? { ok: true } : { ok: true, call };
}

/** Not done, with a code from the closed list and a sentence for this case. */
export function refused(code: RefusalCode, message?: string): Outcome {
  const why: Refusal = refusal(code, message === undefined ? {} : { message });
  return { ok: false, refusal: why };
}

/**
 * The decision in which these calls come to be as given. A call that did not change is left
 * out; the others move one version on, and the lines of their users with those that begin or end.
 */
export function decided(
  world: World,
  calls: readonly Call[],
  outcome: Outcome,
  now: number,
): Decision {
  const moved = calls
    .filter((call) => world.calls.indexOf(call) === -1)
    .map((call) => ({ ...call, version: versionOf(world, call.id) + 1, changedAt: now }));
  return { outcome, calls: moved, lines: linesAfter(world, moved) };
}

function versionOf(world: World, id: CallId): number {
  return world.calls.find((call) => call.id === id)?.version ?? 0;
}

function linesAfter(world: World, moved: readonly Call[]): readonly Line[] {
  const lines = new Map<UserId, Line>();
  for (const call of moved) {
    for (const user of [call.caller.user, call.callee.user]) {
      const before = lineOf(world, user);
      const line = lines.get(user) ?? before;
      const calls = isOpen(call) ? withCall(line.calls, call.id) : without(line.calls, call.id);
      if (calls !== line.calls) lines.set(user, { ...line, version: before.version + 1, calls });
    }
  }
  return [...lines.values()];
}

function lineOf(world: World, user: UserId): Line {
  const line = world.lines.find((each) => each.user === user);
  // A call that ended would stay in a line that was not loaded: a defect of who loads the world.
  if (!line) throw new Error('the world lacks the line of a user of its calls');
  return line;
}

function withCall(calls: readonly CallId[], id: CallId): readonly CallId[] {
  return calls.includes(id) ? calls : [...calls, id];
}

function without(calls: readonly CallId[], id: CallId): readonly CallId[] {
  return calls.includes(id) ? calls.filter((other) => other !== id) : calls;
}
