import type { Actor } from '@ringline/call';
import type { LostDone, LostPortion } from '../past-devices.ts';
import type { SqliteDevices } from './devices.ts';
import type { Database } from './driver.ts';

/** Removes devices that are gone for long, within a transaction of who calls. */
export class SqlitePastDevices {
  readonly #devices: SqliteDevices;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database, devices: SqliteDevices) {
    this.#devices = devices;
    this.#statements = statementsOf(database);
  }

  forget(before: number, { from, limit }: LostPortion): LostDone {
    const { gone, remove, first } = this.#statements;
    const devices = gone.all(from, before, limit) as unknown as Actor[];
    for (const { user, device } of devices) {
      remove.run(user, device);
      this.#devices.gone({ user, device });
    }
    const left = first.get(from) as { lostAt: number } | undefined;
    return { count: devices.length, nextFrom: left?.lostAt ?? null };
  }
}

function statementsOf(database: Database) {
  return {
    gone: database.prepare(`
      SELECT d.user, d.device FROM devices d
      WHERE d.lost_at >= ? AND d.lost_at < ?
        AND NOT EXISTS (SELECT 1 FROM lines l WHERE l.user = d.user AND l.calls <> '[]')
        AND NOT EXISTS (SELECT 1 FROM logins l WHERE l.user = d.user AND l.device = d.device)
      ORDER BY d.lost_at LIMIT ?`),
    remove: database.prepare('DELETE FROM devices WHERE user = ? AND device = ?'),
    first: database.prepare(`
      SELECT lost_at AS lostAt FROM devices WHERE lost_at >= ? ORDER BY lost_at LIMIT 1`),
  };
}
