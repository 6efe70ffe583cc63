import type { Peer } from '@ringline/protocol';
import type { Binding, Device } from './store.ts';

/** What a changed device adds to the directory of users. */
export interface Sighting {
  readonly seenAt: number;
  readonly hasLeft: boolean;
  /** The user as its token describes it now; a loss says nothing about that. */
  readonly profile?: Peer;
}

/** How the directory changes with a device: when it comes, goes or brings another profile, else undefined. */
export function sightingOf(before: Device, after: Device, at: number): Sighting | undefined {
  const same = isSameBinding(before.binding, after.binding);
  if (after.binding === null) {
    return same ? undefined : { seenAt: after.lostAt ?? at, hasLeft: after.hasLeft };
  }
  if (same && hasSameProfile(before, after)) return undefined;
  return { seenAt: at, hasLeft: false, profile: after.profile };
}

function isSameBinding(before: Binding | null, after: Binding | null): boolean {
  return before?.incarnation === after?.incarnation && before?.connection === after?.connection;
}

function hasSameProfile(before: Device, after: Device): boolean {
  return (
    before.profile.name === after.profile.name && before.profile.avatar === after.profile.avatar
  );
}
