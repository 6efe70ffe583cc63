import type { Actor } from '@ringline/call';
import type { DeviceId, Peer, UserId } from '@ringline/protocol';
import { LEASE_KEPT_MS } from '../leases.ts';
import type { Duty, Orphan } from '../leases.ts';
import { absentDevice } from '../rows.ts';
import { sightingOf } from '../sighting.ts';
import type { Sighting } from '../sighting.ts';
import type { Device, DirectoryEntry, Move, Moves, UserPresence } from '../store.ts';
import type { Database } from './driver.ts';
import { deviceKey, deviceOf, hasSameRest, linesAfter, restOf } from '../device-row.ts';
import type { DeviceRow, KnownDevice } from '../device-row.ts';
import { RecentRows } from '../recent-rows.ts';

const RECENT_DEVICES = 2000;

/** Devices with their bindings, the leases of incarnations, and the directory of users seen. */
export class SqliteDevices {
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #recent = new RecentRows<KnownDevice>(RECENT_DEVICES);

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  device(of: Actor): Device {
    return this.#known(of).device;
  }

  reachable(user: UserId): readonly Device[] {
    const rows = this.#statements.reachable.all(user) as { device: DeviceId }[];
    return rows.map(({ device }) => this.device({ user, device }));
  }

  directory(after: UserId | undefined, limit: number): readonly DirectoryEntry[] {
    const rows = this.#statements.directory.all(after ?? '', limit) as {
      profile: string;
      online: number;
      seenAt: number;
    }[];
    return rows.map(({ profile, online, seenAt }) => ({
      ...(JSON.parse(profile) as Peer),
      online: online === 1,
      seenAt,
    }));
  }

  presence(users: readonly UserId[]): readonly UserPresence[] {
    const rows = this.#statements.presence.all(JSON.stringify(users)) as {
      user: UserId;
      online: number;
      seenAt: number | null;
      hasLeft: number | null;
      move: number;
    }[];
    return rows.map(({ user, online, seenAt, hasLeft, move }) => ({
      user,
      online: online === 1,
      seenAt,
      hasLeft: hasLeft === 1 && online === 0,
      move,
    }));
  }

  moves({ move, user }: Move, limit: number): Moves {
    const moves = this.#statements.moves.all(move, user, limit) as unknown as Move[];
    const { horizon } = this.#statements.horizon.get() as { horizon: number };
    return { moves, horizon };
  }

  renewLease(incarnation: string, until: number): boolean {
    const before = this.#statements.lease.get(incarnation) as { dead: number } | undefined;
    this.#statements.renewLease.run(incarnation, until);
    return before?.dead === 0;
  }

  hasLease(now: number): boolean {
    return this.#statements.runningLease.get(now) !== undefined;
  }

  declareDead(now: number): void {
    this.#statements.declareDead.run(now);
    this.#statements.forgetLeases.run(now - LEASE_KEPT_MS);
  }

  orphans(limit: number): readonly Orphan[] {
    const rows = this.#statements.orphans.all(limit) as (Actor & { until: number })[];
    return rows.map((row) => {
      const device = this.device(row);
      return { device, lostAt: Math.max(row.until, device.binding?.boundAt ?? 0) };
    });
  }

  endOtherLeases(incarnation: string, now: number): void {
    this.#statements.endOtherLeases.run(now, incarnation);
  }

  takeDuty(duty: Duty, incarnation: string, now: number): boolean {
    const { dutyHolder, takeDuty } = this.#statements;
    const row = dutyHolder.get(duty) as { incarnation: string; until: number | null } | undefined;
    if (row?.incarnation === incarnation) return true;
    if ((row?.until ?? 0) > now) return false;
    takeDuty.run(duty, incarnation);
    return true;
  }

  /** Writes the device and returns it as it was before. */
  write(device: Device, at: number): Device {
    const before = this.#known(device);
    const lines = linesAfter(before, device.results);
    if (hasSameRest(before.device, device)) this.#advance(device, lines);
    else this.#writeWhole(before.device, { device, lines }, at);
    this.#recent.set(deviceKey(device), { device, lines });
    return before.device;
  }

  /** The device was removed. */
  gone(of: Actor): void {
    this.#recent.delete(deviceKey(of));
  }

  forget(): void {
    this.#recent.clear();
  }

  #known(of: Actor): KnownDevice {
    const key = deviceKey(of);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const row = this.#statements.device.get(of.user, of.device) as DeviceRow | undefined;
    if (row === undefined) return { device: absentDevice(of), lines: '' };
    const known = { device: deviceOf(of, row), lines: row.results };
    this.#recent.set(key, known);
    return known;
  }

  #advance({ user, device, version, lastSeq, acknowledged }: Device, lines: string): void {
    this.#statements.advance.run(version, lastSeq, acknowledged, lines, user, device);
  }

  #writeWhole(before: Device, { device: after, lines }: KnownDevice, at: number): void {
    if (before.binding?.incarnation !== after.binding?.incarnation) this.#bind(after);
    const sighting = sightingOf(before, after, at);
    if (sighting !== undefined) this.#see(after.user, sighting);
    const { user, device, version, lastSeq, acknowledged } = after;
    const rest = JSON.stringify(restOf(after));
    const { writeDevice } = this.#statements;
    writeDevice.run(user, device, version, lastSeq, acknowledged, lines, rest);
  }

  #bind({ user, device, binding }: Device): void {
    if (binding === null) {
      this.#statements.unbind.run(user, device);
      return;
    }
    this.#statements.bind.run(user, device, binding.incarnation);
    // An incarnation that never held a lease counts as over, so that its devices become orphans.
    this.#statements.noteIncarnation.run(binding.incarnation, 0);
  }

  #see(user: UserId, { seenAt, hasLeft, profile }: Sighting): void {
    if (profile === undefined) this.#statements.seeAgain.run(seenAt, hasLeft ? 1 : 0, user);
    else this.#statements.see.run(user, JSON.stringify(profile), seenAt);
  }
}

/** Found at the end of an index. */
const NEXT_MOVE = '(SELECT ifnull(max(move), 0) + 1 FROM users)';

function statementsOf(database: Database) {
  return {
    device: database.prepare(`
      SELECT version, last_seq AS lastSeq, acknowledged, results, rest FROM devices
      WHERE user = ? AND device = ?`),
    advance: database.prepare(`
      UPDATE devices SET version = ?, last_seq = ?, acknowledged = ?, results = ?
      WHERE user = ? AND device = ?`),
    writeDevice: database.prepare(`
      INSERT INTO devices (user, device, version, last_seq, acknowledged, results, rest)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (user, device) DO UPDATE SET version = excluded.version,
        last_seq = excluded.last_seq, acknowledged = excluded.acknowledged,
        results = excluded.results, rest = excluded.rest`),
    reachable: database.prepare('SELECT device FROM bindings WHERE user = ? ORDER BY device'),
    bind: database.prepare(`
      INSERT INTO bindings (user, device, incarnation) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET incarnation = excluded.incarnation`),
    unbind: database.prepare('DELETE FROM bindings WHERE user = ? AND device = ?'),
    see: database.prepare(`
      INSERT INTO users (user, profile, seen_at, move) VALUES (?, ?, ?, ${NEXT_MOVE})
      ON CONFLICT DO UPDATE SET profile = excluded.profile,
        seen_at = max(seen_at, excluded.seen_at), has_left = 0, move = excluded.move`),
    seeAgain: database.prepare(`
      UPDATE users SET seen_at = max(seen_at, ?), has_left = ?, move = ${NEXT_MOVE}
      WHERE user = ?`),
    directory: database.prepare(`
      SELECT profile, seen_at AS seenAt,
        EXISTS (SELECT 1 FROM bindings b WHERE b.user = u.user) AS online
      FROM users u WHERE user > ? ORDER BY user LIMIT ?`),
    presence: database.prepare(`
      SELECT asked.value AS user, u.seen_at AS seenAt, u.has_left AS hasLeft,
        ifnull(u.move, 0) AS move,
        EXISTS (SELECT 1 FROM bindings b WHERE b.user = asked.value) AS online
      FROM json_each(?) asked LEFT JOIN users u ON u.user = asked.value ORDER BY asked.key`),
    moves: database.prepare(`
      SELECT user, move FROM users WHERE (move, user) > (?, ?) ORDER BY move, user LIMIT ?`),
    horizon: database.prepare(`SELECT ${NEXT_MOVE} AS horizon`),
    ...leaseStatementsOf(database),
  };
}

function leaseStatementsOf(database: Database) {
  return {
    noteIncarnation: database.prepare(
      'INSERT OR IGNORE INTO leases (incarnation, until) VALUES (?, ?)',
    ),
    renewLease: database.prepare(`
      INSERT INTO leases (incarnation, until) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET until = excluded.until, dead = 0`),
    lease: database.prepare('SELECT dead FROM leases WHERE incarnation = ?'),
    runningLease: database.prepare('SELECT 1 FROM leases WHERE until > ? LIMIT 1'),
    declareDead: database.prepare('UPDATE leases SET dead = 1 WHERE until <= ? AND dead = 0'),
    forgetLeases: database.prepare(`
      DELETE FROM leases WHERE dead AND until <= ? AND NOT EXISTS (
        SELECT 1 FROM bindings b WHERE b.incarnation = leases.incarnation)`),
    orphans: database.prepare(`
      SELECT b.user, b.device, l.until
      FROM leases l CROSS JOIN bindings b ON b.incarnation = l.incarnation
      WHERE l.dead LIMIT ?`),
    dutyHolder: database.prepare(`
      SELECT d.incarnation, l.until FROM duties d LEFT JOIN leases l USING (incarnation)
      WHERE d.duty = ?`),
    takeDuty: database.prepare(`
      INSERT INTO duties (duty, incarnation) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET incarnation = excluded.incarnation`),
    endOtherLeases: database.prepare(
      'UPDATE leases SET until = min(until, ?) WHERE incarnation <> ?',
    ),
  };
}
