import assert from 'node:assert/strict';
import { deadlineOf } from '@ringline/call';
import type { Call, Line } from '@ringline/call';
import type { CallId, UserId } from '@ringline/protocol';
import type { DueClaim } from '../leases.ts';
import { absentLine } from '../rows.ts';
import type { LogRow, Step } from '../store.ts';
import { Claims } from './claims.ts';
import { freeze } from './freeze.ts';

/** Calls with their logs, and the lines of their users. */
export class MemoryCalls {
  readonly #calls = new Map<CallId, Call>();
  readonly #deadlines = new Map<CallId, number>();
  readonly #claims = new Claims();
  readonly #lines = new Map<UserId, Line>();
  readonly #logs = new Map<CallId, LogRow[]>();
  readonly #rooms = new Set<number>();

  call(id: CallId): Call | undefined {
    return this.#calls.get(id);
  }

  /** In the order in which they came to be. */
  get all(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** Those who have a line. */
  get users(): readonly UserId[] {
    return [...this.#lines.keys()];
  }

  line(user: UserId): Line {
    return this.#lines.get(user) ?? freeze(absentLine(user));
  }

  due(now: number, limit: number): readonly CallId[] {
    return [...this.#deadlines]
      .filter(([, deadline]) => deadline <= now)
      .toSorted(([, a], [, b]) => a - b)
      .slice(0, limit)
      .map(([id]) => id);
  }

  claimDue(claim: DueClaim): readonly CallId[] {
    return this.#claims.take(this.due(claim.before, Infinity), (id) => id, claim);
  }

  log(call: CallId): readonly LogRow[] {
    return [...(this.#logs.get(call) ?? [])];
  }

  /** Throws before anything is written when the step is a defect. */
  check(step: Step): void {
    for (const call of step.calls) {
      assert(call.version > 1 || !this.#rooms.has(call.roomId), 'two calls have one room id');
    }
  }

  write(step: Step): void {
    for (const call of step.calls) this.#writeCall(call, step);
    for (const line of step.lines) this.#lines.set(line.user, freeze(line));
  }

  /** Leaves the newest row of its log. */
  shortenLog(id: CallId): void {
    const log = this.#logs.get(id);
    if (log) this.#logs.set(id, log.slice(-1));
  }

  remove(id: CallId): void {
    const call = this.#calls.get(id);
    if (call) this.#rooms.delete(call.roomId);
    this.#calls.delete(id);
    this.#logs.delete(id);
  }

  #writeCall(call: Call, { at, cause }: Step): void {
    const deadline = deadlineOf(call);
    this.#claims.end(call.id);
    if (deadline === null) this.#deadlines.delete(call.id);
    else this.#deadlines.set(call.id, deadline);
    this.#rooms.add(call.roomId);
    this.#calls.set(call.id, freeze(call));
    const row = freeze({ call: call.id, version: call.version, at, cause, after: call });
    const log = this.#logs.get(call.id);
    if (log === undefined) this.#logs.set(call.id, [row]);
    else log.push(row);
  }
}
