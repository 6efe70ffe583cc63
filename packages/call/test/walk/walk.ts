import type { RefusalCode, UserId } from '@ringline/protocol';
import type { Command, Ended } from '../../src/index.ts';
import { decide, isOpen, isWaiting, nextDeadline, viewOf, violations } from '../../src/index.ts';
import { expire } from '../scene/commands.ts';
import { flawsOfPosition, flawsOfStep } from './checks.ts';
import { keyOf, keyOfEnded, keyOfParts } from './key.ts';
import { movesFrom, movesOn, wordsFor } from './moves.ts';
import type { Decide, Position, Step } from './position.ts';
import { BEGINNING, deepFreeze, DEVICES, stepFrom, USERS } from './position.ts';
import { pendingOf, putOff } from './time.ts';

/** What a walk has met, and the shortest path to the first violation if there is one. */
export interface Report {
  readonly positions: number;
  readonly steps: number;
  readonly endings: number;
  readonly refusals: ReadonlySet<RefusalCode>;
  /** Every reason that some device was told. */
  readonly reasons: ReadonlySet<string>;
  readonly deadlines: ReadonlySet<string>;
  readonly violation: string | undefined;
}

/** Who does what in a walk. */
export interface Scope {
  /** What is done: everything that this lets through. */
  readonly allows: (command: Command) => boolean;
  /** Who has call waiting. */
  readonly takesSecond: readonly UserId[];
}

const MEDIA_COMMANDS: ReadonlySet<Command['type']> = new Set([
  'hold',
  'resume',
  'swap',
  'request-video',
  'answer-video',
  'remove-video',
]);

/** Everybody, with all they do but hold and picture: who else is there makes no difference to those. */
export const EVERYBODY: Scope = {
  allows: ({ type }) => !MEDIA_COMMANDS.has(type),
  takesSecond: [],
};

/** One call between one device each, with all that can be done in it. */
export const TWO_DEVICES: Scope = {
  allows: (command) => {
    const isTheirs = !('by' in command) || ['alice1', 'bob1'].includes(command.by.device);
    const isFirst = !('call' in command) || command.call !== 'call-2';
    return isTheirs && isFirst && (command.type !== 'invite' || command.to === 'bob');
  },
  takesSecond: [],
};

/** Two calls of three users with one device each, who all have call waiting; one of the devices may be lost: any, for they are all alike. */
export const CALL_WAITING: Scope = {
  allows: (command) =>
    isOfOneDevice(command) && !isAboutOneCall(command) && !isLossOfAnother(command),
  takesSecond: USERS,
};

/** The same where some have call waiting and the others not, and nobody is lost. */
export function withCallWaiting(...takesSecond: readonly UserId[]): Scope {
  const allows = (command: Command) => CALL_WAITING.allows(command) && command.type !== 'lose';
  return { allows, takesSecond };
}

function isOfOneDevice(command: Command): boolean {
  return !('by' in command) || command.by.device.endsWith('1');
}

function isLossOfAnother(command: Command): boolean {
  return command.type === 'lose' && command.by.user !== 'alice';
}

/** What has the same effect whatever else is open; the other walks have it. */
function isAboutOneCall(command: Command): boolean {
  if (IN_ONE_CALL.has(command.type)) return true;
  if (command.type === 'bind') return command.holds.length === 0;
  if (command.type === 'end') return command.ageMs > 0;
  if (command.type === 'resume') return command.askVideo;
  return command.type === 'refuse' && !command.everywhere;
}

const IN_ONE_CALL: ReadonlySet<Command['type']> = new Set([
  'ring',
  'declare',
  'request-video',
  'answer-video',
  'remove-video',
]);

/** Goes breadth-first through every position of a scope that the machine can come to, and checks each and each step. */
export function walk(machine: Decide = decide, scope: Scope = EVERYBODY): Report {
  return new Walk(machine, scope).run();
}

interface Visit {
  readonly position: Position;
  readonly from: Visit | undefined;
  readonly words: string;
}

/** The position before the deadline passed, and what can be done there. */
interface Prompt {
  readonly prompt: Position;
  readonly moves: readonly Command[];
}

/** Which deadline passed, what its timer made of it, and the position before. */
interface Late {
  readonly name: string;
  readonly fired: Step;
  readonly prompt: Position;
}

class Found extends Error {}

class Walk {
  readonly #machine: Decide;
  readonly #scope: Scope;
  readonly #beginning: Position;
  readonly #seen = new Set<string>();
  readonly #late = new Set<string>();
  readonly #queue: Visit[] = [];
  readonly #endings = new Set<string>();
  readonly #refusals = new Set<RefusalCode>();
  readonly #reasons = new Set<string>();
  readonly #deadlines = new Set<string>();
  #steps = 0;

  constructor(machine: Decide, scope: Scope) {
    this.#machine = machine;
    this.#scope = scope;
    this.#beginning = { ...BEGINNING, takesSecond: scope.takesSecond };
  }

  run(): Report {
    let violation: string | undefined;
    try {
      this.#arrive({ position: this.#beginning, from: undefined, words: 'nobody is there' });
      for (const visit of this.#queue) this.#leave(visit);
    } catch (error) {
      if (!(error instanceof Found)) throw error;
      violation = error.message;
    }
    return {
      positions: this.#seen.size,
      steps: this.#steps,
      endings: this.#endings.size,
      refusals: this.#refusals,
      reasons: this.#reasons,
      deadlines: this.#deadlines,
      violation,
    };
  }

  #arrive({ position, from, words }: Visit): void {
    const key = keyOf(position);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const flaws = flawsOfPosition(position);
    if (flaws.length > 0) this.#fail(from, words, flaws);
    this.#queue.push({ position: putOff(position), from, words });
  }

  #leave(visit: Visit): void {
    const moves = movesFrom(visit.position).filter(this.#scope.allows);
    for (const command of moves) this.#take(visit, command);
    for (const call of visit.position.calls.filter(isOpen)) {
      for (const { name, still, passAt } of pendingOf(call)) {
        const passed = passAt(visit.position.now);
        const calls = visit.position.calls.map((each) => (each === call ? passed : each));
        const late = { ...visit, position: deepFreeze({ ...visit.position, calls }) };
        if (still) this.#checkStill(late, call.id, name);
        else this.#fire(late, call.id, name, { moves, prompt: visit.position });
      }
    }
  }

  #fire(late: Visit, call: string, name: string, { moves, prompt }: Prompt): void {
    const passed = late.position.calls.find((each) => each.id === call);
    const next = passed && nextDeadline(passed);
    const words = `${name} of ${call} passes`;
    if (next?.kind !== name) this.#fail(late, words, ['the call does not know this deadline']);
    this.#deadlines.add(name);
    const fired = this.#take(late, expire(call), words);
    if (fired.decision.calls.length !== 1) this.#fail(late, words, ['nothing comes of it']);
    const place = `${words} ${keyOfParts(late.position)}`;
    if (this.#late.has(place)) return;
    this.#late.add(place);
    for (const command of moves) this.#checkLate(late, command, words, { name, fired, prompt });
  }

  /** A command that comes before the late timer finds what it would have found after it, or as if nothing had passed. */
  #checkLate(late: Visit, command: Command, words: string, { name, fired, prompt }: Late): void {
    const { before, decision, after } = stepFrom(late.position, command, this.#machine);
    this.#steps += 1;
    if (after === before || command.type === 'expire') return;
    // Answered calls are left to the timer, and a loss leaves all but the ring timeout to it.
    const id = fired.decision.calls[0]?.id;
    const isTimers =
      !before.calls.some((call) => call.id === id && isWaiting(call)) ||
      (command.type === 'lose' && name !== 'expire');
    // A command on which the call was not loaded does not see that its deadline has passed.
    const isAside = decision.calls.every((call) => call.id !== id);
    const expected = stepFrom(isTimers || isAside ? prompt : fired.after, command, this.#machine);
    const flaws = [...violations(after.calls, after.lines), ...flawsOfPosition(after)];
    if (keyOf(after) !== keyOf(expected.after) || !isSameOutcome(decision, expected.decision)) {
      flaws.push('it matters that the timer is late');
    }
    if (flaws.length > 0) this.#fail(late, `${words}; ${wordsFor(command)}`, flaws);
  }

  #checkStill(late: Visit, call: string, name: string): void {
    const { decision } = stepFrom(late.position, expire(call), this.#machine);
    if (decision.calls.length > 0)
      this.#fail(late, `${name} of ${call} passes`, ['it should stand still']);
  }

  #take(visit: Visit, command: Command, words = wordsFor(command)): Step {
    const step = stepFrom(visit.position, command, this.#machine);
    this.#steps += 1;
    if (!step.decision.outcome.ok) this.#refusals.add(step.decision.outcome.refusal.code);
    const flaws = flawsOfStep(step);
    if (flaws.length > 0) this.#fail(visit, words, flaws);
    if (step.after === visit.position) return step;
    this.#check(visit, words, step);
    this.#arrive({ position: step.after, from: visit, words });
    return step;
  }

  #check(visit: Visit, words: string, step: Step): void {
    const flaws = violations(step.after.calls, step.after.lines);
    if (flaws.length > 0) this.#fail(visit, words, flaws);
    const again = stepFrom(step.after, step.command, this.#machine);
    if (again.after !== step.after && keyOf(again.after) !== keyOf(step.after)) {
      this.#fail(visit, words, ['done twice it is another thing than done once']);
    }
    for (const call of step.decision.calls) {
      if (call.state === 'ended') this.#checkOver(visit, words, call, step.after);
    }
  }

  /** Nothing that anybody says of an ended call changes anything. */
  #checkOver(visit: Visit, words: string, call: Ended, position: Position): void {
    const key = keyOfEnded(call);
    if (this.#endings.has(key)) return;
    this.#endings.add(key);
    for (const actor of DEVICES) {
      const view = viewOf(call, actor, position.now);
      if (view?.state === 'ended') this.#reasons.add(view.reason);
    }
    for (const command of movesOn(call)) {
      const { decision } = stepFrom(position, command, this.#machine);
      this.#steps += 1;
      if (!decision.outcome.ok) this.#refusals.add(decision.outcome.refusal.code);
      if (decision.calls.length + decision.lines.length > 0) {
        this.#fail(visit, `${words}; ${wordsFor(command)}`, ['an ended call changes']);
      }
    }
  }

  #fail(visit: Visit | undefined, words: string, flaws: readonly string[]): never {
    const path = [words];
    for (let at = visit; at; at = at.from) path.unshift(at.words);
    throw new Found([...path.map((each, i) => `${i}. ${each}`), ...flaws].join('\n'));
  }
}

function isSameOutcome(a: Step['decision'], b: Step['decision']): boolean {
  return a.outcome.ok
    ? b.outcome.ok
    : !b.outcome.ok && a.outcome.refusal.code === b.outcome.refusal.code;
}
