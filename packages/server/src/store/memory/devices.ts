import type { Actor } from '@ringline/call';
import type { DeviceId, Peer, UserId } from '@ringline/protocol';
import { absentDevice } from '../rows.ts';
import { sightingOf } from '../sighting.ts';
import type { Sighting } from '../sighting.ts';
import type { Device, DirectoryEntry, UserPresence } from '../store.ts';
import { compareIds } from '../compare-ids.ts';
import { freeze } from './freeze.ts';

interface Seen {
  readonly profile: Peer;
  readonly seenAt: number;
  readonly hasLeft: boolean;
}

/** Devices with their bindings, the leases of incarnations, and the directory of users seen. */
export class MemoryDevices {
  readonly #devices = new Map<UserId, Map<DeviceId, Device>>();
  readonly #leases = new Map<string, number>();
  readonly #users = new Map<UserId, Seen>();

  device(of: Actor): Device {
    return this.#devices.get(of.user)?.get(of.device) ?? freeze(absentDevice(of));
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
      const { seenAt = null, hasLeft = false } = this.#users.get(user) ?? {};
      return freeze({ user, online, seenAt, hasLeft: hasLeft && !online });
    });
  }

  renewLease(incarnation: string, until: number): void {
    this.#leases.set(incarnation, until);
  }

  orphans(now: number, limit: number): readonly { device: Device; lostAt: number }[] {
    return [...this.#devices.keys()]
      .flatMap((user) => this.#of(user))
      .flatMap((device) => {
        if (device.binding === null) return [];
        const until = this.#leases.get(device.binding.incarnation) ?? 0;
        return until > now ? [] : [{ device, lostAt: Math.max(until, device.binding.boundAt) }];
      })
      .slice(0, limit);
  }

  endOtherLeases(incarnation: string, now: number): void {
    for (const [other, until] of this.#leases) {
      if (other !== incarnation) this.#leases.set(other, Math.min(until, now));
    }
  }

  write(device: Device, at: number): void {
    const sighting = sightingOf(this.device(device), device, at);
    if (sighting !== undefined) this.#see(device.user, sighting);
    const devices = this.#devices.get(device.user) ?? new Map<DeviceId, Device>();
    this.#devices.set(device.user, devices.set(device.device, freeze(device)));
  }

  #see(user: UserId, { seenAt, hasLeft, profile }: Sighting): void {
    const before = this.#users.get(user) ?? { profile: { user }, seenAt };
    this.#users.set(user, {
      profile: profile ?? before.profile,
      seenAt: Math.max(seenAt, before.seenAt),
      hasLeft,
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
