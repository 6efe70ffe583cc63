import type { CallId } from '@ringline/protocol';
import type { CallQuality } from '../store.ts';
import type { Database } from './driver.ts';

/** What users reported of the quality of their calls: the last word of each. */
export class SqliteQuality {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  of(calls: readonly CallId[]): readonly CallQuality[] {
    return calls.flatMap((call) => {
      const rows = this.#statements.find.all(call) as { body: string }[];
      return rows.map(({ body }) => JSON.parse(body) as CallQuality);
    });
  }

  write(quality: CallQuality): void {
    this.#statements.put.run(quality.call, quality.user, JSON.stringify(quality));
  }
}

function statementsOf(database: Database) {
  return {
    put: database.prepare(
      'INSERT OR REPLACE INTO call_quality (call, user, body) VALUES (?, ?, ?)',
    ),
    find: database.prepare('SELECT body FROM call_quality WHERE call = ? ORDER BY user'),
  };
}
