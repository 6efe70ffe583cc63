import type { Presence, UserId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Bus } from '../cluster/bus.ts';
import type { Log } from '../observe/log.ts';
import type { Move, Store, UserPresence } from '../store/store.ts';
import { MoveRounds } from './move-rounds.ts';
import { PresenceReader } from './presence-reader.ts';

/** Who comes or goes within this is read and told together: too short to be noticed. */
export const PRESENCE_BATCH_MS = 100;
/** A user is told as gone when it has been for this long: pages load anew and nodes hand over their devices meanwhile. */
export const PRESENCE_SETTLE_MS = 3_000;

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

/** What watching is made of. */
export interface WatchedUsersParts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<Store, 'moves' | 'presence'>;
}

/**
 * The users that devices of this node watch: it listens for just those, and tells what has changed. What is not
 * heard, because the bus lost it, is found by rounds.
 */
export class WatchedUsers {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #reader: PresenceReader;
  readonly #users = new Map<UserId, WatchedUser>();
  readonly #moved = new Set<UserId>();
  readonly #rounds: MoveRounds;
  #batch: Timer | undefined;

  constructor(parts: WatchedUsersParts) {
    const { bus, clock, log, store } = parts;
    this.#bus = bus;
    this.#clock = clock;
    this.#log = log;
    const reader = (this.#reader = new PresenceReader(store, (found) => this.#note(found)));
    const users = {
      count: () => this.#users.size,
      all: () => [...this.#users.keys()],
      unknown: (moves: readonly Move[]) =>
        moves.filter((each) => this.#isUnknown(each)).map(({ user }) => user),
      read: (users: readonly UserId[]) => reader.read(users),
    };
    this.#rounds = new MoveRounds({ clock, log, store, users });
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

  /** Reads where these users stand once their moves are heard, after which `told` says it; throws StoreFault when the store is away. */
  async read(users: readonly WatchedUser[]): Promise<void> {
    await this.#bus.listening();
    return this.#reader.read(users.map(({ user }) => user));
  }

  /** Finds what was not heard of them, beginning after so many milliseconds. */
  lookAgain(afterMs: () => number): void {
    this.#rounds.lookAgain(afterMs());
  }

  #begin(user: UserId): WatchedUser {
    const stopHearing = this.#bus.watch(user, () => this.#hasMoved(user));
    const watchers = new Set<Watcher>();
    const watched = { user, watchers, stopHearing, told: undefined, leaving: undefined };
    this.#users.set(user, watched);
    this.#rounds.start();
    return watched;
  }

  #rest(): void {
    this.#batch?.cancel();
    this.#batch = undefined;
    this.#rounds.stop();
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

  #look(users: readonly UserId[]): void {
    this.#reader.read(users).catch((error: unknown) => {
      this.#log.error({ err: error }, 'presence could not be read; the next round looks again');
    });
  }

  /** Whether where the user stands was read before this move, or not yet told. */
  #isUnknown({ user, move }: Move): boolean {
    const watched = this.#users.get(user);
    return watched !== undefined && watched.told?.move !== move;
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
