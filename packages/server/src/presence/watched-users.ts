import type { Presence, UserId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Log } from '../observe/log.ts';
import type { Store, UserPresence } from '../store/store.ts';
import { PresenceReader } from './presence-reader.ts';

/** Who comes or goes within this is read and told together: too short to be noticed. */
export const PRESENCE_BATCH_MS = 100;
/** A user is told as gone when it has been for this long: pages load anew and nodes hand over their devices meanwhile. */
export const PRESENCE_SETTLE_MS = 3_000;
/** What the bus lost is found within this. */
export const PRESENCE_SWEEP_MS = 30_000;
/** Users looked at in one go, so that a long round delays nobody. */
export const PRESENCE_PAGE = 500;
/** Between two of them. */
const PAGE_PAUSE_MS = 50;

/** Who is told of users. */
export interface Watcher {
  /** One frame with the presence of some of its users. */
  tell(frame: string): void;
}

/** A user that devices of this node watch. */
export interface WatchedUser {
  readonly user: UserId;
  readonly watchers: Set<Watcher>;
  readonly stopHearing: () => void;
  /** What its watchers know; undefined before the first reading. */
  told: UserPresence | undefined;
  /** Found gone, and not told yet. */
  leaving: { readonly since: number; readonly timer: Timer } | undefined;
}

/** The users that devices of this node watch: it listens for just those, and tells what has changed. */
export class WatchedUsers {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #reader: PresenceReader;
  readonly #users = new Map<UserId, WatchedUser>();
  readonly #moved = new Set<UserId>();
  #batch: Timer | undefined;
  #sweeper: Timer | undefined;

  constructor(parts: { bus: Bus; clock: Clock; log: Log; store: Pick<Store, 'presence'> }) {
    this.#bus = parts.bus;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#reader = new PresenceReader(parts.store, (found) => this.#note(found));
  }

  /** From now on the watcher is told of this user. */
  add(user: UserId, watcher: Watcher): WatchedUser {
    const watched = this.#users.get(user) ?? this.#begin(user);
    watched.watchers.add(watcher);
    return watched;
  }

  /** The watcher is told no more of this user; does nothing a second time. */
  remove(watched: WatchedUser, watcher: Watcher): void {
    if (!watched.watchers.delete(watcher) || watched.watchers.size > 0) return;
    watched.stopHearing();
    watched.leaving?.timer.cancel();
    this.#users.delete(watched.user);
    if (this.#users.size === 0) this.#rest();
  }

  /** Reads where these users stand, after which `told` says it; throws StoreFault when the store is away. */
  read(users: readonly WatchedUser[]): Promise<void> {
    return this.#reader.read(users.map(({ user }) => user));
  }

  /** Looks again at all of them, beginning after so many milliseconds. */
  lookAgain(afterMs: () => number): void {
    if (this.#users.size === 0) return;
    this.#sweeper?.cancel();
    this.#sweeper = this.#clock.after(afterMs(), () => this.#sweep([...this.#users.keys()]));
  }

  #begin(user: UserId): WatchedUser {
    const stopHearing = this.#bus.watch(user, () => this.#hasMoved(user));
    const watchers = new Set<Watcher>();
    const watched = { user, watchers, stopHearing, told: undefined, leaving: undefined };
    this.#users.set(user, watched);
    if (this.#sweeper === undefined) this.#sweepLater();
    return watched;
  }

  #rest(): void {
    this.#batch?.cancel();
    this.#sweeper?.cancel();
    this.#batch = this.#sweeper = undefined;
    this.#moved.clear();
  }

  #hasMoved(user: UserId): void {
    this.#moved.add(user);
    this.#batch ??= this.#clock.after(PRESENCE_BATCH_MS, () => {
      const moved = [...this.#moved];
      this.#moved.clear();
      this.#batch = undefined;
      this.#look(moved);
    });
  }

  #sweepLater(): void {
    this.#sweeper = this.#clock.after(PRESENCE_SWEEP_MS, () =>
      this.#sweep([...this.#users.keys()]),
    );
  }

  #sweep(users: readonly UserId[]): void {
    this.#look(users.slice(0, PRESENCE_PAGE));
    const rest = users.slice(PRESENCE_PAGE);
    if (rest.length === 0) this.#sweepLater();
    else this.#sweeper = this.#clock.after(PAGE_PAUSE_MS, () => this.#sweep(rest));
  }

  #look(users: readonly UserId[]): void {
    this.#reader.read(users).catch((error: unknown) => {
      this.#log.error({ err: error }, 'presence could not be read; the next round looks again');
    });
  }

  #note(found: readonly UserPresence[]): void {
    const frames = new Map<Watcher, string[]>();
    for (const presence of found) {
      const watched = this.#users.get(presence.user);
      if (watched === undefined || !this.#isNews(watched, presence)) continue;
      const text = JSON.stringify(presenceOf(presence));
      for (const watcher of watched.watchers) {
        const texts = frames.get(watcher);
        if (texts) texts.push(text);
        else frames.set(watcher, [text]);
      }
    }
    for (const [watcher, texts] of frames) watcher.tell(frameOf(texts));
  }

  /** Takes note of what was read; whether those who watch must be told of it now. */
  #isNews(watched: WatchedUser, presence: UserPresence): boolean {
    const { told } = watched;
    const isKnown = told === undefined || isSame(told, presence);
    const isLost = !presence.online && !presence.hasLeft;
    if (!isKnown && told.online && isLost && !this.#hasSettled(watched)) return false;
    watched.leaving?.timer.cancel();
    watched.leaving = undefined;
    watched.told = presence;
    return !isKnown;
  }

  #hasSettled(watched: WatchedUser): boolean {
    const now = this.#clock.now();
    watched.leaving ??= {
      since: now,
      timer: this.#clock.after(PRESENCE_SETTLE_MS, () => this.#hasMoved(watched.user)),
    };
    return now - watched.leaving.since >= PRESENCE_SETTLE_MS;
  }
}

/** One frame that says where these users stand. */
export function presenceFrame(users: readonly UserPresence[]): string {
  return frameOf(users.map((user) => JSON.stringify(presenceOf(user))));
}

function frameOf(texts: readonly string[]): string {
  return `{"type":"presence","users":[${texts.join(',')}]}`;
}

/** Where a user stands, as devices are told. */
export function presenceOf({ user, online, seenAt, hasLeft }: UserPresence): Presence {
  if (online) return { user, state: 'online' };
  const since = seenAt !== null && { since: seenAt };
  return { user, state: 'offline', ...since, ...(hasLeft && { left: true }) };
}

function isSame(one: UserPresence, other: UserPresence): boolean {
  if (one.online || other.online) return one.online === other.online;
  return one.seenAt === other.seenAt && one.hasLeft === other.hasLeft;
}
