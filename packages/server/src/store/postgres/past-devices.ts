import type { LostDone, LostPortion } from '../past-devices.ts';
import type { Session, Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { LOCK_USERS } from './removal.ts';

/** A device by its columns, and the version in which it was found. */
interface LostRow {
  readonly user: string;
  readonly device: string;
  readonly version: number;
}

/**
 * Removes devices that are gone for long, each portion in a transaction. They are found first, and removed under the
 * locks of their users if they are as they were found: who came back meanwhile, or another node removed, is passed by,
 * and who comes back meanwhile waits for its user's lock and finds no row.
 */
export class PostgresPastDevices {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  forget(before: number, { from, limit }: LostPortion): Promise<LostDone> {
    return this.#lanes.transaction(async (session) => {
      const found = await session.rows<LostRow>(LOST, [from, before, limit]);
      const count = found.length === 0 ? 0 : await remove(session, found);
      const [left] = await session.rows<{ lostAt: number }>(FIRST, [from]);
      return { count, nextFrom: left?.lostAt ?? null };
    });
  }
}

/** How many of them it were. */
async function remove(session: Session, found: readonly LostRow[]): Promise<number> {
  const users = found.map(({ user }) => user);
  await session.rows(LOCK_USERS, [[...new Set(users)]]);
  return session.run(REMOVE, [
    users,
    found.map(({ device }) => device),
    found.map(({ version }) => version),
  ]);
}

/** As the index `devices_lost` has it; null of a device that is reachable. */
const LOST_AT = `substring(d.rest from '"lostAt":([0-9]+)')::bigint`;

/** A device changes with its login, and with its user's calls it does not. */
const IN_NO_CALL = `not exists (
    select from lines l where l.user_id = d.user_id and l.calls <> '{}')`;

const LOST: Statement = {
  name: 'devices_lost',
  text: `select d.user_id as user, d.device, d.version from devices d
    where ${LOST_AT} >= $1 and ${LOST_AT} < $2 and ${IN_NO_CALL}
      and not exists (
        select from logins l where l.user_id = d.user_id and l.device = d.device)
    order by ${LOST_AT} limit $3`,
};
const REMOVE: Statement = {
  name: 'devices_remove',
  text: `delete from devices d
    using unnest($1::text[], $2::text[], $3::bigint[]) a (user_id, device, version)
    where d.user_id = a.user_id and d.device = a.device and d.version = a.version
      and ${IN_NO_CALL}`,
};
const FIRST: Statement = {
  name: 'devices_lost_first',
  text: `select ${LOST_AT} as "lostAt" from devices d
    where ${LOST_AT} >= $1 order by ${LOST_AT} limit 1`,
};
