import assert from 'node:assert/strict';
import type { Peer, UserId } from '@ringline/protocol';
import type { Orphan } from '../leases.ts';
import type { DirectoryEntry, Move, Moves, UserPresence } from '../store.ts';
import type { Statement } from './driver.ts';
import type { Eras } from './eras.ts';
import { DEVICE } from './known-devices.ts';
import type { NamedDeviceRow } from './known-devices.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

/** The devices that incarnations leave behind, and the directory of users seen. */
export class PostgresDevices {
  readonly #lanes: Lanes;
  readonly #eras: Eras;

  constructor(lanes: Lanes, eras: Eras) {
    this.#lanes = lanes;
    this.#eras = eras;
  }

  async directory(after: UserId | undefined, limit: number): Promise<readonly DirectoryEntry[]> {
    const rows = await this.#lanes.read<{ profile: string; online: boolean; seenAt: number }>(
      DIRECTORY,
      [held(after ?? ''), limit],
    );
    return rows.map(({ profile, online, seenAt }) => ({
      ...(JSON.parse(profile) as Peer),
      online,
      seenAt,
    }));
  }

  async presence(users: readonly UserId[]): Promise<readonly UserPresence[]> {
    const rows = await this.#lanes.read<{
      i: number;
      online: boolean;
      seenAt: number | null;
      hasLeft: boolean | null;
      move: number;
    }>(PRESENCE, [users.map(held)]);
    return rows.map(({ i, online, seenAt, hasLeft, move }) => ({
      user: users[i - 1] ?? '',
      online,
      seenAt,
      hasLeft: hasLeft === true && !online,
      move,
    }));
  }

  async moves({ move, user }: Move, limit: number): Promise<Moves> {
    const rows = await this.#lanes.read<{
      horizon: number;
      user: string | null;
      move: number | null;
    }>(MOVES, [move, held(user), limit]);
    const [first] = rows;
    assert(first !== undefined, 'the horizon comes without moves too');
    const moves = rows.flatMap((row) =>
      row.user === null || row.move === null ? [] : { user: given(row.user), move: row.move },
    );
    return { moves, horizon: first.horizon };
  }

  async orphans(limit: number): Promise<readonly Orphan[]> {
    const { devices } = this.#eras.present;
    const rows = await this.#lanes.read<NamedDeviceRow & { until: number }>(ORPHANS, [limit]);
    return rows.map((row) => {
      const device = devices.of(row);
      return { device, lostAt: Math.max(row.until, device.binding?.boundAt ?? 0) };
    });
  }
}

/** Not `exists`, of which PostgreSQL may make a list of all who are there. */
const isOnline = (user: string) =>
  `coalesce((select true from bindings b where b.user_id = ${user} limit 1), false)`;

const DIRECTORY: Statement = {
  name: 'directory',
  text: `select u.profile, u.seen_at as "seenAt",
      ${isOnline('u.user_id')} as online
    from users u where u.user_id > $1 order by u.user_id limit $2`,
};
const PRESENCE: Statement = {
  name: 'presence',
  text: `select a.i, u.seen_at as "seenAt", u.has_left as "hasLeft", coalesce(u.move, 0) as move,
      ${isOnline('a.user_id')} as online
    from unnest($1::text[]) with ordinality as a (user_id, i) left join users u using (user_id)
    order by a.i`,
};
/**
 * A transaction that is under way has a number below those of others that are over already, and comes to
 * be seen later: all that has ended has a number below `horizon`, and all that may still come is not below
 * it. Numbers beyond `ending` are of another database, out of which rows were copied.
 */
const MOVES: Statement = {
  name: 'moves',
  text: `with s as materialized (
      select pg_snapshot_xmin(x)::text::bigint as horizon, pg_snapshot_xmax(x)::text::bigint as ending
      from pg_current_snapshot() x)
    select s.horizon, m.user_id as "user", m.move
    from s left join lateral (
      select u.user_id, u.move from users u
      where (u.move, u.user_id) > ($1, $2) and u.move < s.ending
      order by u.move, u.user_id limit $3
    ) m on true
    order by m.move, m.user_id`,
};
const ORPHANS: Statement = {
  name: 'orphans',
  // First the few that are dead.
  text: `with l as materialized (select incarnation, until from leases where dead)
    select ${DEVICE}, l.until
    from l join bindings b on b.incarnation = l.incarnation
      join devices d on d.user_id = b.user_id and d.device = b.device
    limit $1`,
};
