import type { Actor } from '@ringline/call';
import type { DeviceId, Peer, UserId } from '@ringline/protocol';
import { absentDevice } from '../rows.ts';
import { sightingOf } from '../sighting.ts';
import type { Sighting } from '../sighting.ts';
import type { Device, DirectoryEntry } from '../store.ts';
import type { Database } from './driver.ts';
import { RecentRows } from './recent-rows.ts';

const RECENT_DEVICES = 2000;

/** Devices with their bindings, the leases of incarnations, and the directory of users seen. */
export class SqliteDevices {
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #recent = new RecentRows<Device>(RECENT_DEVICES);

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  device(of: Actor): Device {
    const key = keyOf(of);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const row = this.#statements.device.get(of.user, of.device) as { body: string } | undefined;
    if (row === undefined) return absentDevice(of);
    const device = JSON.parse(row.body) as Device;
    this.#recent.set(key, device);
    return device;
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

  renewLease(incarnation: string, until: number): void {
    this.#statements.renewLease.run(incarnation, until);
  }

  orphans(now: number, limit: number): readonly { device: Device; lostAt: number }[] {
    const rows = this.#statements.orphans.all(now, limit) as (Actor & { until: number })[];
    return rows.map((row) => {
      const device = this.device(row);
      return { device, lostAt: Math.max(row.until, device.binding?.boundAt ?? 0) };
    });
  }

  endOtherLeases(incarnation: string, now: number): void {
    this.#statements.endOtherLeases.run(now, incarnation);
  }

  write(device: Device, at: number): void {
    const before = this.device(device);
    if (before.binding?.incarnation !== device.binding?.incarnation) this.#bind(device);
    const sighting = sightingOf(before, device, at);
    if (sighting !== undefined) this.#see(device.user, sighting);
    const { user, device: id, version } = device;
    this.#statements.writeDevice.run(user, id, version, JSON.stringify(device));
    this.#recent.set(keyOf(device), device);
  }

  forget(): void {
    this.#recent.clear();
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

  #see(user: UserId, { seenAt, profile }: Sighting): void {
    if (profile === undefined) this.#statements.seeAgain.run(seenAt, user);
    else this.#statements.see.run(user, JSON.stringify(profile), seenAt);
  }
}

// The length keeps the two apart, whatever characters they hold.
function keyOf({ user, device }: Actor): string {
  return `${user.length}:${user}${device}`;
}

function statementsOf(database: Database) {
  return {
    device: database.prepare('SELECT body FROM devices WHERE user = ? AND device = ?'),
    writeDevice: database.prepare(`
      INSERT INTO devices (user, device, version, body) VALUES (?, ?, ?, ?)
      ON CONFLICT (user, device) DO UPDATE SET version = excluded.version, body = excluded.body`),
    reachable: database.prepare('SELECT device FROM bindings WHERE user = ? ORDER BY device'),
    bind: database.prepare(`
      INSERT INTO bindings (user, device, incarnation) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET incarnation = excluded.incarnation`),
    unbind: database.prepare('DELETE FROM bindings WHERE user = ? AND device = ?'),
    see: database.prepare(`
      INSERT INTO users (user, profile, seen_at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET profile = excluded.profile, seen_at = max(seen_at, excluded.seen_at)`),
    seeAgain: database.prepare('UPDATE users SET seen_at = max(seen_at, ?) WHERE user = ?'),
    directory: database.prepare(`
      SELECT profile, seen_at AS seenAt,
        EXISTS (SELECT 1 FROM bindings b WHERE b.user = u.user) AS online
      FROM users u WHERE user > ? ORDER BY user LIMIT ?`),
    noteIncarnation: database.prepare(
      'INSERT OR IGNORE INTO leases (incarnation, until) VALUES (?, ?)',
    ),
    renewLease: database.prepare(`
      INSERT INTO leases (incarnation, until) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET until = excluded.until`),
    orphans: database.prepare(`
      SELECT b.user, b.device, l.until
      FROM leases l CROSS JOIN bindings b ON b.incarnation = l.incarnation
      WHERE l.until <= ? LIMIT ?`),
    endOtherLeases: database.prepare(
      'UPDATE leases SET until = min(until, ?) WHERE incarnation <> ?',
    ),
  };
}
