import type { UserId } from '@ringline/protocol';
import type { WatchedUser, WatchedUsers, Watcher } from './watched-users.ts';
import { presenceFrame } from './watched-users.ts';

/** The users that one device watches, on one connection. */
export class WatchList implements Watcher {
  readonly #all: WatchedUsers;
  readonly #sendFrame: (frame: string) => void;
  #watched: readonly WatchedUser[] = [];
  #stopped = false;

  constructor(all: WatchedUsers, sendFrame: (frame: string) => void) {
    this.#all = all;
    this.#sendFrame = sendFrame;
  }

  /** Takes another list and tells where each stands; a list that could not be read leaves the former one. */
  async replace(users: readonly UserId[]): Promise<void> {
    const before = this.#watched;
    // Heard before they are read, so that nothing falls between the two.
    const next = [...new Set(users)].map((user) => this.#all.add(user, this));
    try {
      await this.#all.read(next);
    } catch (error) {
      this.#leave(next, this.#stopped ? [] : before);
      throw error;
    }
    if (this.#stopped) return this.#leave(next);
    this.#watched = next;
    this.#leave(before, next);
    this.tellAll();
  }

  tell(frame: string): void {
    this.#sendFrame(frame);
  }

  /** Tells where everybody on the list stands. */
  tellAll(): void {
    const known = this.#watched.flatMap(({ told }) => told ?? []);
    if (known.length > 0) this.#sendFrame(presenceFrame(known));
  }

  /** The connection is gone. */
  stop(): void {
    this.#stopped = true;
    this.#leave(this.#watched);
  }

  #leave(watched: readonly WatchedUser[], keep: readonly WatchedUser[] = []): void {
    const kept = new Set(keep);
    for (const each of watched) if (!kept.has(each)) this.#all.remove(each, this);
  }
}
