import assert from 'node:assert/strict';
import { deadlineOf, isOpen } from '@ringline/call';
import type { Call, Line } from '@ringline/call';
import type { CallId, UserId } from '@ringline/protocol';
import type { DueClaim } from '../leases.ts';
import { absentLine } from '../rows.ts';
import type { LogRow, Step } from '../store.ts';
import type { Database } from './driver.ts';
import { RecentRows } from '../recent-rows.ts';

const RECENT_CALLS = 1000;
const RECENT_LINES = 2000;

interface LineRow {
  readonly version: number;
  readonly calls: string;
  readonly announced: number;
  readonly records: number;
}

/** A call and its row's number, by which the log names it. */
interface NumberedCall {
  readonly n: number;
  readonly call: Call;
}

/** Calls with their logs, and the lines of their users. */
export class SqliteCalls {
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #recentCalls = new RecentRows<NumberedCall>(RECENT_CALLS);
  readonly #recentLines = new RecentRows<Line>(RECENT_LINES);

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  call(id: CallId): Call | undefined {
    return this.#numbered(id)?.call;
  }

  line(user: UserId): Line {
    const recent = this.#recentLines.get(user);
    if (recent !== undefined) return recent;
    const row = this.#statements.line.get(user) as LineRow | undefined;
    if (row === undefined) return absentLine(user);
    const calls = JSON.parse(row.calls) as CallId[];
    const wishes = { isAnnounced: row.announced === 1, takesRecords: row.records === 1 };
    const line = { user, version: row.version, calls, ...wishes };
    this.#recentLines.set(user, line);
    return line;
  }

  due(now: number, limit: number): readonly CallId[] {
    const rows = this.#statements.due.all(now, limit) as { id: CallId }[];
    return rows.map((row) => row.id);
  }

  claimDue({ before, now, until, limit }: DueClaim): readonly CallId[] {
    const rows = this.#statements.free.all(before, now, limit) as { id: CallId }[];
    for (const { id } of rows) this.#statements.claim.run(until, id);
    return rows.map(({ id }) => id);
  }

  log(call: CallId): readonly LogRow[] {
    const rows = this.#statements.log.all(call) as {
      version: number;
      at: number;
      cause: string;
      after: string;
    }[];
    return rows.map(({ version, at, cause, after }) => ({
      call,
      version,
      at,
      cause: JSON.parse(cause) as LogRow['cause'],
      after: JSON.parse(after) as Call,
    }));
  }

  write(step: Step): void {
    if (step.calls.length > 0) {
      const cause = JSON.stringify(step.cause);
      for (const call of step.calls) this.#writeCall(call, step.at, cause);
    }
    for (const line of step.lines) this.#writeLine(line);
  }

  /** It is not there any more. */
  gone(id: CallId): void {
    this.#recentCalls.delete(id);
  }

  forget(): void {
    this.#recentCalls.clear();
    this.#recentLines.clear();
  }

  #numbered(id: CallId): NumberedCall | undefined {
    const recent = this.#recentCalls.get(id);
    if (recent !== undefined) return recent;
    const row = this.#statements.call.get(id) as { n: number; after: string } | undefined;
    if (row === undefined) return undefined;
    const numbered = { n: row.n, call: JSON.parse(row.after) as Call };
    this.#recentCalls.set(id, numbered);
    return numbered;
  }

  #writeCall(call: Call, at: number, cause: string): void {
    const n = call.version === 1 ? this.#insert(call) : this.#update(call);
    this.#statements.insertLog.run(n, call.version, at, cause, JSON.stringify(call));
    this.#recentCalls.set(call.id, { n, call });
  }

  #insert(call: Call): number {
    const { id, roomId, version } = call;
    const open = isOpen(call) ? 1 : 0;
    const written = this.#statements.insertCall.run(id, roomId, version, open, deadlineOf(call));
    return Number(written.lastInsertRowid);
  }

  #update(call: Call): number {
    const n = this.#numbered(call.id)?.n;
    assert(n !== undefined, 'the guards have seen this call');
    this.#statements.updateCall.run(call.version, isOpen(call) ? 1 : 0, deadlineOf(call), n);
    return n;
  }

  #writeLine(line: Line): void {
    const { user, version, isAnnounced, takesRecords } = line;
    const calls = JSON.stringify(line.calls);
    const wishes = [isAnnounced ? 1 : 0, takesRecords ? 1 : 0];
    this.#statements.writeLine.run(user, version, calls, ...wishes);
    this.#recentLines.set(user, line);
  }
}

function statementsOf(database: Database) {
  return {
    call: database.prepare(`
      SELECT c.n, l.after FROM calls c JOIN call_log l ON l.call = c.n AND l.version = c.version
      WHERE c.id = ?`),
    insertCall: database.prepare(
      'INSERT INTO calls (id, room_id, version, open, deadline) VALUES (?, ?, ?, ?, ?)',
    ),
    updateCall: database.prepare(
      'UPDATE calls SET version = ?, open = ?, deadline = ?, claimed_until = 0 WHERE n = ?',
    ),
    insertLog: database.prepare(
      'INSERT INTO call_log (call, version, at, cause, after) VALUES (?, ?, ?, ?, ?)',
    ),
    log: database.prepare(`
      SELECT l.version, l.at, l.cause, l.after FROM call_log l JOIN calls c ON c.n = l.call
      WHERE c.id = ? ORDER BY l.version`),
    due: database.prepare(`
      SELECT id FROM calls WHERE open AND deadline IS NOT NULL AND deadline <= ?
      ORDER BY deadline LIMIT ?`),
    free: database.prepare(`
      SELECT id FROM calls
      WHERE open AND deadline IS NOT NULL AND deadline <= ? AND claimed_until <= ?
      ORDER BY deadline LIMIT ?`),
    claim: database.prepare('UPDATE calls SET claimed_until = ? WHERE id = ?'),
    line: database.prepare('SELECT version, calls, announced, records FROM lines WHERE user = ?'),
    writeLine: database.prepare(`
      INSERT INTO lines (user, version, calls, announced, records) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET version = excluded.version, calls = excluded.calls,
        announced = excluded.announced, records = excluded.records`),
  };
}
