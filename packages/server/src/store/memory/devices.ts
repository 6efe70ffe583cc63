import type { Actor } from '@ringline/call';
import type { DeviceId, Peer, UserId } from '@ringline/protocol';
import { absentDevice } from '../rows.ts';
import { sightingOf } from '../sighting.ts';
import type { Sighting } from '../sighting.ts';
import { LEASE_KEPT_MS } from '../leases.ts';
import type { Duty, Orphan } from '../leases.ts';
import type { Device, DirectoryEntry, Move, Moves, UserPresence } from '../store.ts';
import { compareIds } from '../compare-ids.ts';
import { freeze } from './freeze.ts';

interface Seen {
  readonly profile: Peer;
  readonly seenAt: number;
  readonly hasLeft: boolean;
  readonly move: number;
}

interface Lease {
  readonly until: number;
  readonly isDead: boolean;
}

/** Devices with their bindings, the leases of incarnations, and the directory of users seen. */
export class MemoryDevices {
  readonly #devices = new Map<UserId, Map<DeviceId, Device>>();
  readonly #leases = new Map<string, Lease>();
  readonly #duties = new Map<Duty, string>();
  readonly #users = new Map<UserId, Seen>();
  #lastMove = 0;

  device(of: Actor): Device {
    return this.#devices.get(of.user)?.get(of.device) ?? freeze(absentDevice(of));
  }

  get all(): readonly Device[] {
    return [...this.#devices.keys()].flatMap((user) => this.#of(user));
  }

  remove({ user, device }: Actor): void {
    this.#devices.get(user)?.delete(device);
  }

  reachable(user: UserId): readonly Device[] {
    return this.#of(user)
      .filter((device) => device.binding !== null)
      .toSorted((a, b) => compareIds(a.device, b.device));
  }

  directory(after: UserId | undefined, limit: number): readonly DirectoryEntry[] {
    return [...this.#users.keys()]
      .filter((user) => after === undefined || compareIds(user, after) > 0)
      .toSorted(compareIds)
      .slice(0, limit)
      .map((user) => this.#entry(user));
  }

  presence(users: readonly UserId[]): readonly UserPresence[] {
    return users.map((user) => {
      const online = this.#of(user).some((device) => device.binding !== null);
      const { seenAt = null, hasLeft = false, move = 0 } = this.#users.get(user) ?? {};
      return freeze({ user, online, seenAt, hasLeft: hasLeft && !online, move });
    });
  }

  moves(after: Move, limit: number): Moves {
    const moves = [...this.#users].map(([user, { move }]) => ({ user, move }));
    const found = moves
      .filter((each) => compareMoves(each, after) > 0)
      .toSorted(compareMoves)
      .slice(0, limit);
    return freeze({ moves: found, horizon: this.#lastMove + 1 });
  }

  renewLease(incarnation: string, until: number): boolean {
    const before = this.#leases.get(incarnation);
    this.#leases.set(incarnation, { until, isDead: false });
    return before?.isDead === false;
  }

  hasLease(now: number): boolean {
    return [...this.#leases.values()].some(({ until }) => until > now);
  }

  declareDead(now: number): void {
    for (const [incarnation, lease] of this.#leases) {
      if (lease.until <= now) this.#leases.set(incarnation, { ...lease, isDead: true });
      const isOld = lease.until <= now - LEASE_KEPT_MS;
      if (isOld && !this.#holdsDevices(incarnation)) this.#leases.delete(incarnation);
    }
  }

  orphans(limit: number): readonly Orphan[] {
    return this.all
      .flatMap((device) => {
        if (device.binding === null) return [];
        const lease = this.#leases.get(device.binding.incarnation);
        if (!lease?.isDead) return [];
        return [{ device, lostAt: Math.max(lease.until, device.binding.boundAt) }];
      })
      .slice(0, limit);
  }

  endOtherLeases(incarnation: string, now: number): void {
    for (const [other, lease] of this.#leases) {
      if (other === incarnation) continue;
      this.#leases.set(other, { ...lease, until: Math.min(lease.until, now) });
    }
  }

  takeDuty(duty: Duty, incarnation: string, now: number): boolean {
    const holder = this.#duties.get(duty);
    const isHeld = holder !== undefined && (this.#leases.get(holder)?.until ?? 0) > now;
    if (!isHeld) this.#duties.set(duty, incarnation);
    return !isHeld || holder === incarnation;
  }

  write(device: Device, at: number): void {
    const sighting = sightingOf(this.device(device), device, at);
    if (sighting !== undefined) this.#see(device.user, sighting);
    if (device.binding !== null) this.#noteIncarnation(device.binding.incarnation);
    const devices = this.#devices.get(device.user) ?? new Map<DeviceId, Device>();
    this.#devices.set(device.user, devices.set(device.device, freeze(device)));
  }

  #holdsDevices(incarnation: string): boolean {
    return this.all.some(({ binding }) => binding?.incarnation === incarnation);
  }

  /** One that never held a lease counts as over, so that its devices become orphans. */
  #noteIncarnation(incarnation: string): void {
    if (!this.#leases.has(incarnation)) this.#leases.set(incarnation, { until: 0, isDead: false });
  }

  #see(user: UserId, { seenAt, hasLeft, profile }: Sighting): void {
    const before = this.#users.get(user) ?? { profile: { user }, seenAt };
    this.#lastMove += 1;
    this.#users.set(user, {
      profile: profile ?? before.profile,
      seenAt: Math.max(seenAt, before.seenAt),
      hasLeft,
      move: this.#lastMove,
    });
  }

  #entry(user: UserId): DirectoryEntry {
    const { profile, seenAt } = this.#users.get(user) ?? { profile: { user }, seenAt: 0 };
    return freeze({ ...profile, online: this.reachable(user).length > 0, seenAt });
  }

  #of(user: UserId): Device[] {
    return [...(this.#devices.get(user)?.values() ?? [])];
  }
}

function compareMoves(a: Move, b: Move): number {
  return a.move - b.move || compareIds(a.user, b.user);
}
