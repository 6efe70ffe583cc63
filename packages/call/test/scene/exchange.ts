import type { CallId, CallRecord, CallView, UserId } from '@ringline/protocol';
import type {
  Actor,
  Call,
  Command,
  Decision,
  Ended,
  Established,
  Leg,
  Line,
  Outcome,
  World,
} from '../../src/index.ts';
import { decide, deadlineOf, isOpen, roleOf, viewOf } from '../../src/index.ts';
import { CALL, expire, lose } from './commands.ts';
import { reachable } from './people.ts';

/** When every test begins. */
export const START = 1_000_000;

/** What a server holds between two commands, without its store and sockets: calls, lines, bindings, the time. */
export class Exchange {
  now = START;
  readonly calls = new Map<CallId, Call>();
  readonly lines = new Map<UserId, Line>();
  /** Every version of every call, in the order in which they came to be. */
  readonly log: Call[] = [];
  readonly #bound = new Map<string, Actor>();
  /** Everybody's devices take a second call. */
  takeSecond = false;
  /** What the last command changed. */
  last: Decision = { outcome: { ok: true }, calls: [], lines: [] };

  /** Decides a command on the world that a server would load for it, and keeps what it changes. */
  say(command: Command): Outcome {
    if (command.type === 'bind') this.#bound.set(command.by.device, command.by);
    if (command.type === 'lose') this.#bound.delete(command.by.device);
    this.last = decide(this.worldFor(command), command, this.now);
    this.log.push(...this.last.calls);
    for (const call of this.last.calls) this.calls.set(call.id, call);
    for (const line of this.last.lines) this.lines.set(line.user, line);
    return this.last.outcome;
  }

  /** The same in a row; whatever they answer. */
  says(...commands: readonly Command[]): this {
    for (const command of commands) this.say(command);
    return this;
  }

  /** The device is lost now. */
  lose(by: Actor): this {
    return this.says(lose(by, this.now));
  }

  /** Time passes and nobody looks at the deadlines. */
  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Time passes and every deadline is met when it is due. */
  wait(ms: number): this {
    const until = this.now + ms;
    for (let next = this.#due(until); next; next = this.#due(until)) {
      this.now = Math.max(this.now, next.at);
      this.say(expire(next.id));
      if (this.last.calls.length === 0)
        throw new Error(`nothing comes of what is due in ${next.id}`);
    }
    this.now = until;
    return this;
  }

  #due(until: number): { id: CallId; at: number } | undefined {
    return [...this.calls.values()]
      .flatMap((call) => ({ id: call.id, at: deadlineOf(call) ?? Infinity }))
      .filter(({ at }) => at <= until)
      .toSorted((a, b) => a.at - b.at)[0];
  }

  /** Every open call of the users concerned and the call named, their lines and devices. */
  worldFor(command: Command): World {
    const named = 'call' in command ? this.calls.get(command.call) : undefined;
    const users = new Set<UserId>(named ? [named.caller.user, named.callee.user] : []);
    if ('by' in command) users.add(command.by.user);
    if (command.type === 'invite') users.add(command.to);
    const concerns = (call: Call) =>
      call === named || (isOpen(call) && [...users].some((user) => roleOf(call, user)));
    const calls = [...this.calls.values()].filter(concerns);
    const parties = calls.flatMap(({ caller, callee }) => [caller.user, callee.user]);
    return {
      calls,
      lines: [...new Set([...users, ...parties])].map((user) => this.#lineOf(user)),
      devices: [...this.#bound.values()]
        .filter(({ user }) => users.has(user))
        .map((actor) => reachable(actor, this.takeSecond)),
    };
  }

  #lineOf(user: UserId): Line {
    return (
      this.lines.get(user) ?? { user, version: 0, calls: [], isAnnounced: true, takesRecords: true }
    );
  }

  call(id = CALL): Call {
    const call = this.calls.get(id);
    if (!call) throw new Error(`there is no ${id}`);
    return call;
  }

  established(id = CALL): Established {
    const call = this.call(id);
    if (call.state !== 'established') throw new Error(`${id} is ${call.state}`);
    return call;
  }

  ended(id = CALL): Ended {
    const call = this.call(id);
    if (call.state !== 'ended') throw new Error(`${id} is ${call.state}`);
    return call;
  }

  /** The record's duration of each member, in seconds. */
  durations(id = CALL): readonly number[] {
    return this.record(id).durations.map(({ seconds }) => seconds);
  }

  record(id = CALL): CallRecord {
    return this.ended(id).record;
  }

  leg({ device }: Actor): Leg | undefined {
    return this.call().legs.find((leg) => leg.device === device);
  }

  view(actor: Actor, id = CALL): CallView | undefined {
    return viewOf(this.call(id), actor, this.now);
  }

  /** `ringing`, `established`, or `ended` with the reason, as one device sees it. */
  sees(actor: Actor): string | undefined {
    const view = this.view(actor);
    return view?.state === 'ended' ? `ended: ${view.reason}` : view?.state;
  }

  line(user: UserId): readonly CallId[] {
    return this.lines.get(user)?.calls ?? [];
  }
}

/** `ok`, or the code of the refusal. */
export function answer(outcome: Outcome): string {
  return outcome.ok ? 'ok' : outcome.refusal.code;
}
