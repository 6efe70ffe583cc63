import type { UserId } from '@ringline/protocol';
import type { Person, Rest } from '../rest.ts';

/** Often enough to see somebody come while one looks, seldom enough to cost nothing. */
const REFRESH_MS = 4_000;

/** Everybody else on this server, asked for again and again while the page is visible. */
export class Directory {
  readonly #rest: Rest;
  readonly #me: () => UserId | undefined;
  readonly #changed: () => void;
  #people: readonly Person[] = [];
  #isLoaded = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(rest: Rest, me: () => UserId | undefined, changed: () => void) {
    this.#rest = rest;
    this.#me = me;
    this.#changed = changed;
  }

  /** Those online first, then by name. */
  get people(): readonly Person[] {
    return this.#people;
  }

  /** Whether the server has answered once. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** How to call a user: by display name where one is known. */
  nameOf(user: UserId): string {
    return this.#people.find((person) => person.user === user)?.name ?? user;
  }

  start(): void {
    void this.refresh();
    this.#timer = setInterval(() => {
      if (!document.hidden) void this.refresh();
    }, REFRESH_MS);
    document.addEventListener('visibilitychange', this.#lookAgain);
  }

  stop(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#lookAgain);
  }

  /** Asks now; a server that is away leaves the list as it was, and the header says so. */
  async refresh(): Promise<void> {
    try {
      const people = await this.#rest.people();
      this.#people = people.filter(({ user }) => user !== this.#me()).sort(onlineFirst);
      this.#isLoaded = true;
      this.#changed();
    } catch {
      // The next round asks again.
    }
  }

  readonly #lookAgain = () => {
    if (!document.hidden) void this.refresh();
  };
}

function onlineFirst(a: Person, b: Person): number {
  if (a.online !== b.online) return a.online ? -1 : 1;
  return (a.name ?? a.user).localeCompare(b.name ?? b.user);
}
