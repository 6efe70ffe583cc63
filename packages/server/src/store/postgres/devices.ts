import assert from 'node:assert/strict';
import type { Peer, UserId } from '@ringline/protocol';
import { LEASE_KEPT_MS } from '../leases.ts';
import type { Duty, Orphan } from '../leases.ts';
import type { DirectoryEntry, Move, Moves, UserPresence } from '../store.ts';
import type { Statement } from './driver.ts';
import { DEVICE } from './known-devices.ts';
import type { KnownDevices, NamedDeviceRow } from './known-devices.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

/** The leases of incarnations, the devices that these leave behind, and the directory of users seen. */
export class PostgresDevices {
  readonly #lanes: Lanes;
  readonly #known: KnownDevices;

  constructor(lanes: Lanes, known: KnownDevices) {
    this.#lanes = lanes;
    this.#known = known;
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

  /** Epoch milliseconds, by the database's clock. */
  async now(): Promise<number> {
    const [row] = await this.#lanes.read<{ now: number }>(NOW);
    assert(row !== undefined, 'a clock always answers');
    return row.now;
  }

  /** Whether it goes on is decided on the row as it is when this has it: nobody declares it dead between. */
  async renewLease(incarnation: string, until: number): Promise<boolean> {
    const values = [held(incarnation), until];
    return this.#lanes.use(async (session) => {
      if ((await session.run(RENEW, values)) > 0) return true;
      await session.run(TAKE, values);
      return false;
    });
  }

  async hasLease(now: number): Promise<boolean> {
    const [row] = await this.#lanes.read<{ runs: boolean }>(HAS_LEASE, [now]);
    return row?.runs === true;
  }

  async declareDead(now: number): Promise<void> {
    await this.#lanes.use(async (session) => {
      await session.run(DECLARE_DEAD, [now]);
      await session.run(FORGET_LEASES, [now - LEASE_KEPT_MS]);
    });
  }

  async takeDuty(duty: Duty, incarnation: string, now: number): Promise<boolean> {
    const values = [duty, held(incarnation), now];
    return (await this.#lanes.use((session) => session.run(TAKE_DUTY, values))) > 0;
  }

  async orphans(limit: number): Promise<readonly Orphan[]> {
    const rows = await this.#lanes.read<NamedDeviceRow & { until: number }>(ORPHANS, [limit]);
    return rows.map((row) => {
      const device = this.#known.of(row);
      return { device, lostAt: Math.max(row.until, device.binding?.boundAt ?? 0) };
    });
  }

  async endOtherLeases(incarnation: string, now: number): Promise<void> {
    await this.#lanes.use((session) => session.run(END_OTHERS, [now, held(incarnation)]));
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
const NOW: Statement = {
  name: 'now',
  text: 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
};
const RENEW: Statement = {
  name: 'lease_renew',
  text: 'update leases set until = $2 where incarnation = $1 and not dead',
};
const TAKE: Statement = {
  name: 'lease_take',
  text: `insert into leases (incarnation, until) values ($1, $2)
    on conflict (incarnation) do update set until = excluded.until, dead = false`,
};
const HAS_LEASE: Statement = {
  name: 'lease_runs',
  text: 'select exists (select from leases where until > $1) as runs',
};
const DECLARE_DEAD: Statement = {
  name: 'leases_declare_dead',
  text: 'update leases set dead = true where until <= $1 and not dead',
};
const FORGET_LEASES: Statement = {
  name: 'leases_forget',
  text: `delete from leases l where dead and until <= $1
    and not exists (select from bindings b where b.incarnation = l.incarnation)`,
};
const TAKE_DUTY: Statement = {
  name: 'duty_take',
  text: `insert into duties as d (duty, incarnation) values ($1, $2)
    on conflict (duty) do update set incarnation = excluded.incarnation
      where d.incarnation = excluded.incarnation
        or not exists (select from leases l where l.incarnation = d.incarnation and l.until > $3)`,
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
const END_OTHERS: Statement = {
  name: 'leases_end_others',
  text: 'update leases set until = least(until, $1) where incarnation <> $2',
};
