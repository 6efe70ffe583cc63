import type { Peer, UserId } from '@ringline/protocol';
import type { Device, DirectoryEntry, UserPresence } from '../store.ts';
import type { Statement } from './driver.ts';
import { DEVICE } from './known-devices.ts';
import type { KnownDevices, NamedDeviceRow } from './known-devices.ts';
import type { Lanes } from './lanes.ts';
import { held } from './text.ts';

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
    }>(PRESENCE, [users.map(held)]);
    return rows.map(({ i, online, seenAt, hasLeft }) => ({
      user: users[i - 1] ?? '',
      online,
      seenAt,
      hasLeft: hasLeft === true && !online,
    }));
  }

  async renewLease(incarnation: string, until: number): Promise<void> {
    await this.#lanes.use((session) => session.run(RENEW, [held(incarnation), until]));
  }

  async orphans(
    now: number,
    limit: number,
  ): Promise<readonly { device: Device; lostAt: number }[]> {
    const rows = await this.#lanes.read<NamedDeviceRow & { until: number }>(ORPHANS, [now, limit]);
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
  text: `select a.i, u.seen_at as "seenAt", u.has_left as "hasLeft",
      ${isOnline('a.user_id')} as online
    from unnest($1::text[]) with ordinality as a (user_id, i) left join users u using (user_id)
    order by a.i`,
};
const RENEW: Statement = {
  name: 'lease_renew',
  text: `insert into leases (incarnation, until) values ($1, $2)
    on conflict (incarnation) do update set until = excluded.until`,
};
const ORPHANS: Statement = {
  name: 'orphans',
  // First the few leases that are over.
  text: `with l as materialized (select incarnation, until from leases where until <= $1)
    select ${DEVICE}, l.until
    from l join bindings b on b.incarnation = l.incarnation
      join devices d on d.user_id = b.user_id and d.device = b.device
    limit $2`,
};
const END_OTHERS: Statement = {
  name: 'leases_end_others',
  text: 'update leases set until = least(until, $1) where incarnation <> $2',
};
