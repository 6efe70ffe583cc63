import type { PresenceUpdate, Presence as Told, UserId } from '@ringline/protocol';
import { MAX_WATCHED_USERS } from '@ringline/protocol';
import { checkUser, malformed } from '../calls/checks.ts';
import { defined } from '../defined.ts';
import type { Requests } from '../signalling/requests.ts';

/** Where a watched user stands. */
export interface Presence {
  readonly user: UserId;
  /** Whether a device of the user is connected. */
  readonly online: boolean;
  /** Since when it is offline, in epoch milliseconds of the server; absent while online, and for a user never seen. */
  readonly since?: number;
  /** It went by saying goodbye; absent: it was lost, and may be back in a moment. */
  readonly left?: true;
}

/** Who is there, told by the server whenever it changes. */
export interface Presences {
  /**
   * Watches these users, at most MAX_WATCHED_USERS, in place of those before. Resolves when the server
   * has the list and said where each stands; after a reconnect the client names it again by itself. Rejects
   * with `not-permitted` where the server, or the token, denies it.
   */
  watch(users: readonly UserId[]): Promise<void>;
  /** Where these users stand at this moment, at most MAX_WATCHED_USERS, without watching them: in the order given; rejects likewise. */
  query(users: readonly UserId[]): Promise<readonly Presence[]>;
  /** Where a user stands as far as this client was told; undefined when it is not watched or not told yet. */
  of(user: UserId): Presence | undefined;
}

/** What a watch needs of its client. */
export interface PresenceParts {
  readonly requests: Requests;
  /** Throws when the client was not told to connect. */
  requireConnection(): void;
  changed(presence: Presence): void;
}

/** The users that this client watches, and what it was told of them. */
export class PresenceWatch implements Presences {
  readonly #parts: PresenceParts;
  #known = new Map<UserId, Presence | undefined>();
  /** When the server has the newest list. */
  #newest: Promise<void> = Promise.resolve();

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  async watch(users: readonly UserId[]): Promise<void> {
    checkList(users);
    this.#parts.requireConnection();
    this.#known = new Map(users.map((user) => [user, this.#known.get(user)]));
    return this.#name();
  }

  async query(users: readonly UserId[]): Promise<readonly Presence[]> {
    checkList(users);
    this.#parts.requireConnection();
    const found = await this.#parts.requests.request(() => ({ type: 'query-presence', users }));
    return found.users.map(presenceOf);
  }

  of(user: UserId): Presence | undefined {
    return this.#known.get(user);
  }

  /** There is a connection: a list belongs to one, so it is named again. */
  resumed(): void {
    // Without the right to watch there is nothing to be told.
    if (this.#known.size > 0) this.#name().catch(() => undefined);
  }

  /** Where watched users stand; the last word holds, and a repeated one is no change. */
  receive({ users }: PresenceUpdate): void {
    for (const told of users) {
      if (!this.#known.has(told.user)) continue;
      const before = this.#known.get(told.user);
      const presence = presenceOf(told);
      const { user, online, since, left } = presence;
      this.#known.set(user, presence);
      if (before?.online !== online || before.since !== since || before.left !== left) {
        this.#parts.changed(presence);
      }
    }
  }

  #name(): Promise<void> {
    this.#newest = this.#say();
    return this.#newest;
  }

  async #say(): Promise<void> {
    const known = this.#known;
    const users = [...known.keys()];
    const build = () => ({ type: 'watch', users }) as const;
    const isSaid = await this.#parts.requests.insist(build, () => known === this.#known);
    // Another list has taken its place, which names whatever is still watched of it.
    if (!isSaid) await this.#newest;
  }
}

function presenceOf({ user, state, since, left }: Told): Presence {
  return { user, online: state === 'online', ...defined({ since, left }) };
}

function checkList(users: readonly UserId[]): void {
  if (users.length > MAX_WATCHED_USERS) {
    throw malformed('users', `must be at most ${MAX_WATCHED_USERS}, has ${users.length}`);
  }
  users.forEach((user, i) => checkUser(user, `users.${i}`));
}
