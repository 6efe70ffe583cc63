import { createHash } from 'node:crypto';
import type { Actor } from '@ringline/call';
import { viewOf } from '@ringline/call';
import type { CallId, Peer, Refusal } from '@ringline/protocol';
import {
  MAX_DEVICES_PER_USER,
  PING_RTM_MS,
  RTM_OFFLINE_AFTER_MS,
  refusal,
} from '@ringline/protocol';
import type { CallService } from '../calls/call-service.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Randomness } from '../randomness.ts';
import { randomName } from '../randomness.ts';
import { DONE, UNAVAILABLE, refusedWith } from '../steps/answer.ts';
import { deviceVersionAfter } from '../store/device-version.ts';
import { isLoginOver, lastsAt } from '../store/rtm.ts';
import { StoreFault } from '../store/store.ts';
import type { Binding, Device, Snapshot } from '../store/store.ts';

/** A device that says hello. */
export interface Arrival {
  readonly by: Actor;
  readonly connection: string;
  readonly profile: Peer;
  readonly resumeKey: string | undefined;
  /** Its token has expired: only its resume key lets it in. */
  readonly expired: boolean;
  readonly holds: readonly CallId[];
  /** Its page takes a second call, and may. */
  readonly takesSecond: boolean;
  /** Whether a voice may tell others why they do not reach its user. */
  readonly isAnnounced: boolean;
  readonly takesRecords: boolean;
  /** Its page speaks RTM. */
  readonly speaksRtm: boolean;
  /** And stands beside its user's others. */
  readonly isBeside: boolean;
  /** Whether its socket has closed meanwhile: then it is not bound. */
  readonly hasGone: () => boolean;
}

/** A device that is now reachable here. */
export interface Bound {
  readonly resumeKey: string;
  readonly lastSeq: number;
  readonly acknowledged: number;
  /** This device has never been seen before. */
  readonly isNew: boolean;
  /** Its login goes on: it was there, or not away for long. */
  readonly resumesLogin: boolean;
  /** Of which its page is a member since before; none unless it speaks RTM. */
  readonly channels: readonly string[];
  /** Since when it heard nothing of them, for all that is known: its page knows what it had. */
  readonly lostAt: number;
  readonly boundAt: number;
  /** The device's, by this binding: a later one has a higher. */
  readonly version: number;
}

/** A binding that takes the place of older ones. */
export type Newer = Pick<Binding, 'boundAt' | 'connection'>;

/** What became of a login in whose place another is to be. */
export interface Ousted {
  /** It came after that one, and stays. */
  readonly isNewer: boolean;
  /** Undefined when its page was away. */
  readonly connection: string | undefined;
}

/** Binds devices to this incarnation of this node, and lets them go. */
export class Registrar {
  readonly #calls: CallService;
  readonly #bus: Bus;
  readonly #randomness: Randomness;
  readonly #incarnation: string;

  constructor(calls: CallService, bus: Bus, randomness: Randomness, incarnation: string) {
    this.#calls = calls;
    this.#bus = bus;
    this.#randomness = randomness;
    this.#incarnation = incarnation;
  }

  /**
   * The device is reachable here, takes its calls up again and rings for those that wait; or its login before
   * is over, though nobody has come to end it, and must be ended first, with all that hung on it.
   */
  async bind(arrival: Arrival): Promise<Bound | Refusal | 'login-over'> {
    const { by, connection, profile, holds, takesSecond, speaksRtm } = arrival;
    const { isAnnounced, takesRecords } = arrival;
    let bound: Bound | undefined;
    let isOver: boolean | undefined;
    const answer = await this.#calls.execute({
      command: { type: 'bind', by, profile, holds, isAnnounced, takesRecords, speaksRtm },
      device: (snapshot, now) => {
        if (arrival.hasGone()) return refusedWith(UNAVAILABLE);
        const before = snapshot.actor;
        const key = before && knownKey(arrival, before);
        const why = whyNot(arrival, key, snapshot, now);
        if (!before || why) return refusedWith(why ?? refusal('internal'));
        isOver = isLoginOver(before, now);
        if (isOver) return DONE;
        const resumeKey = key ?? randomName(this.#randomness);
        const { lastSeq, acknowledged } = before;
        // A page that is loaded anew has joined nothing, whatever the one before it had.
        const login = key === undefined ? null : before.login;
        const channels = login?.channels ?? [];
        bound = {
          resumeKey,
          lastSeq,
          acknowledged,
          isNew: before.version === 0,
          resumesLogin: login !== null,
          channels: speaksRtm ? channels : [],
          lostAt: lossOf(before, now),
          boundAt: now,
          version: deviceVersionAfter(before.version, now),
        };
        const binding = { incarnation: this.#incarnation, connection, boundAt: now };
        const resumeHash = hashOf(resumeKey);
        return {
          ...before,
          binding,
          lostAt: null,
          hasLeft: false,
          resumeHash,
          profile,
          takesSecond,
          login: speaksRtm ? { endsAt: null, channels } : overAt(before, now),
        };
      },
      ...(speaksRtm && { rtm: { loginsOf: by.user } }),
    });
    if (answer.kind === 'refused') return answer.refusal;
    if (isOver) return 'login-over';
    if (!bound) return refusal('internal');
    this.#bus.publish({ kind: 'bound', to: by.user, device: by.device, version: bound.version });
    this.#bus.publishMove(by.user);
    return bound;
  }

  /** The device's connection is gone since `at`, with a goodbye or without; nothing happens if it has a newer one. */
  async lose(by: Actor, connection: string, at: number, hasLeft = false): Promise<void> {
    await this.#loseIf(by, at, (device) =>
      device.binding?.connection === connection ? lost(device, at, hasLeft) : undefined,
    );
  }

  /** The device's login is over, because a newer one took its place; unless it is the newer one itself. */
  async oust(by: Actor, newer: Newer, at: number): Promise<Ousted> {
    let ousted: Ousted = { isNewer: false, connection: undefined };
    await this.#loseIf(by, at, (device) => {
      const { binding, login } = device;
      const isNewer = login !== null && !isOlder(binding, newer);
      ousted = { isNewer, connection: login === null ? undefined : binding?.connection };
      if (login === null || isNewer) return undefined;
      // Its key is worth nothing any more: by that it is known when it comes back by itself.
      return { ...(binding ? lost(device, at, true) : device), login: null, resumeHash: null };
    });
    return ousted;
  }

  /** The node that held the device is gone since `at`; nothing happens if it came back elsewhere. */
  async loseOrphan(orphan: Device, at: number): Promise<void> {
    const { user, device, binding } = orphan;
    // Its login has its whole time from now on, as its calls have their graces.
    await this.#loseIf({ user, device }, at, (found, now) =>
      found.binding?.connection === binding?.connection ? lost(found, at, false, now) : undefined,
    );
  }

  async #loseIf(
    by: Actor,
    at: number,
    change: (device: Device, now: number) => Device | undefined,
  ): Promise<void> {
    let changed: Device | undefined;
    const answer = await this.#calls.execute({
      command: { type: 'lose', by, at },
      device: ({ actor }, now) => {
        changed = actor && change(actor, now);
        return changed ?? DONE;
      },
    });
    if (answer.kind === 'refused') throw new StoreFault(answer.refusal.message, undefined);
    if (changed) this.#bus.publishMove(by.user);
  }
}

/** Of two that came at the same moment one must be the older, whoever asks. */
function isOlder(binding: Binding | null, { boundAt, connection }: Newer): boolean {
  if (binding === null) return true;
  if (binding.boundAt !== boundAt) return binding.boundAt < boundAt;
  return binding.connection < connection;
}

/**
 * When the device heard something last, for all that is known. Of one whose loss nobody has noticed, or whose
 * socket was reset, what was under way to it may be missing: that goes back as far as it takes to notice.
 */
function lossOf({ binding, lostAt }: Device, now: number): number {
  const heardAt = (lostAt ?? now) - 2 * PING_RTM_MS;
  return binding ? Math.max(binding.boundAt, heardAt) : heardAt;
}

/** The login of a device whose page does not speak RTM any more: over now, and ended by whoever watches for that. */
function overAt({ login }: Device, now: number): Device['login'] {
  return login && { ...login, endsAt: Math.min(login.endsAt ?? Infinity, now) };
}

function lost(device: Device, at: number, hasLeft: boolean, since = at): Device {
  const endsAt = hasLeft ? at : since + RTM_OFFLINE_AFTER_MS;
  // One that is over already, because its page gave it up, does not begin to last again.
  const login = device.login && { ...device.login, endsAt: device.login.endsAt ?? endsAt };
  return { ...device, binding: null, lostAt: at, hasLeft, login };
}

/** The resume key that the device was given last, if that is what it shows. */
function knownKey({ resumeKey }: Arrival, { resumeHash }: Device): string | undefined {
  return resumeKey !== undefined && hashOf(resumeKey) === resumeHash ? resumeKey : undefined;
}

/** A page that comes back by itself, with the key of a login in whose place another is. */
function isOusted(
  { by, speaksRtm, isBeside, resumeKey }: Arrival,
  key: string | undefined,
  { actor, rtm }: Snapshot,
  now: number,
): boolean {
  if (!actor || !speaksRtm || resumeKey === undefined) return false;
  if (actor.version > 0 && actor.resumeHash === null) return true;
  // It was away when the newer one came, whose user sits there: by itself it throws nobody out.
  const hasLogin = actor.login !== null && !isLoginOver(actor, now);
  // Of one without a row nobody knows that it was: the store may have lost the row, and the other be long gone.
  return key !== undefined && !hasLogin && !isBeside && hasOthers(by, rtm, now);
}

function hasOthers(by: Actor, rtm: Snapshot['rtm'], now: number): boolean {
  return rtm?.logins.filter(lastsAt(now)).some(({ device }) => device !== by.device) ?? false;
}

function whyNot(
  arrival: Arrival,
  key: string | undefined,
  snapshot: Snapshot,
  now: number,
): Refusal | undefined {
  const { by, expired } = arrival;
  const { calls, devices } = snapshot;
  if (isOusted(arrival, key, snapshot, now)) return refusal('stale');
  // An expired token resumes what is open, and nothing else: without that nothing is touched.
  const resumes = () => calls.some((call) => (viewOf(call, by, now)?.state ?? 'ended') !== 'ended');
  if (expired && (key === undefined || !resumes())) return refusal('unauthorized');
  const others = devices.filter((each) => each.device !== by.device).length;
  return others >= MAX_DEVICES_PER_USER ? refusal('too-many-devices') : undefined;
}

function hashOf(resumeKey: string): string {
  return createHash('sha256').update(resumeKey).digest('base64url');
}
