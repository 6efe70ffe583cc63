import type { Page, Peer, Presence, UserId } from '@ringline/client';
import { Changing } from './changing.ts';
import { codeOf } from './error-text.ts';
import type { ListsClient, Seen } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';
import type { Names } from './names.ts';

/** Somebody to call or to write to. */
export interface Person {
  readonly user: UserId;
  readonly name: string;
  /** Undefined where nobody has said. */
  readonly online: boolean | undefined;
  /** Since when offline, in epoch milliseconds, where that is known. */
  readonly since: number | undefined;
}

/** The SDK's MAX_WATCHED_USERS: how many the server tells of. */
const MAX_WATCHED = 512;
const PAGE = 100;
/** Fetched in one go: more than a person reads through, in five requests. */
const BATCH = 500;

/** Everybody that can be called: the server's directory, or the app's own contacts, with their presence. */
export class People extends Changing {
  readonly #client: ListsClient;
  readonly #names: Names;
  readonly #loading = new Loading(() => this.changed());
  #listed: readonly Seen[] = [];
  #contacts: readonly Peer[] | undefined;
  #next: string | null = null;
  #wanted = BATCH;
  #others: readonly UserId[] = [];
  readonly #met = new Set<UserId>();
  #watched = '';

  constructor(client: ListsClient, names: Names) {
    super();
    this.#client = client;
    this.#names = names;
  }

  /** In the order of the source; the list sorts them in its language. */
  get all(): readonly Person[] {
    const source: readonly (Peer & { readonly online?: boolean })[] =
      this.#contacts ?? this.#listed;
    return source
      .filter(({ user }) => user !== this.#client.user)
      .map((peer) => this.#personOf(peer));
  }

  get state(): LoadState {
    return this.#contacts === undefined ? this.#loading.state : { kind: 'ready' };
  }

  /** Whether the directory goes on. */
  get hasMore(): boolean {
    return this.#contacts === undefined && this.#next !== null;
  }

  /** Where a user stands; undefined where nobody has said. */
  presenceOf(user: UserId): Presence | undefined {
    const { online } = this.#listed.find((each) => each.user === user) ?? {};
    return this.#client.presence.of(user) ?? (online === undefined ? undefined : { user, online });
  }

  /** Shows these instead of the server's directory; undefined: the directory again. */
  use(contacts: readonly Peer[] | undefined): void {
    if (contacts === this.#contacts) return;
    this.#contacts = contacts;
    for (const peer of contacts ?? []) this.#names.learn(peer);
    this.#watch();
    this.changed();
    if (contacts === undefined) void this.load();
  }

  /** Fetches the directory as far as it is wanted. */
  load(): Promise<void> {
    if (this.#contacts !== undefined) {
      this.#watch();
      return Promise.resolve();
    }
    return this.#loading.run(async () => {
      const found: Seen[] = [];
      let cursor: string | null = null;
      do {
        const page = await this.#page(cursor);
        found.push(...page.items);
        cursor = page.next;
        if (found.length > this.#listed.length) this.#list(found, cursor);
      } while (cursor !== null && found.length < this.#wanted);
      this.#list(found, cursor);
      this.#watch();
    });
  }

  /** Fetches more of a long directory. */
  loadMore(): Promise<void> {
    this.#wanted = this.#listed.length + BATCH;
    return this.load();
  }

  /** There is a connection again: who came to the server meanwhile is in its directory only. */
  connected(): void {
    if (this.#loading.isBegun) void this.load();
  }

  /** Somebody called or wrote: who is not listed came to the server after the list was read. */
  meet(user: UserId): void {
    if (!this.#loading.isBegun || this.hasMore || user === this.#client.user) return;
    if (this.#met.has(user) || this.#listed.some((each) => each.user === user)) return;
    this.#met.add(user);
    void this.load();
  }

  /** Also tells where these users stand, whether they are listed or not. */
  alsoWatch(others: readonly UserId[]): void {
    this.#others = others;
    this.#watch();
  }

  /** A user came or went. */
  presenceChanged(): void {
    this.changed();
  }

  /** A part of the directory; of one that is closed to this user there is none. */
  async #page(cursor: string | null): Promise<Page<Seen>> {
    try {
      return await this.#client.users.list({ cursor, limit: PAGE });
    } catch (error) {
      if (codeOf(error) === 'not-permitted') return { items: [], next: null };
      throw error;
    }
  }

  #list(found: readonly Seen[], next: string | null): void {
    this.#listed = [...found];
    this.#next = next;
    for (const peer of found) this.#names.learn(peer);
    this.changed();
  }

  /** Names the list anew where it is another one. */
  #watch(): void {
    if (this.#client.connectionState === 'disconnected') return;
    const listed = (this.#contacts ?? this.#listed).map(({ user }) => user);
    const all = new Set([...this.#others, ...listed].filter((user) => user !== this.#client.user));
    const users = [...all].slice(0, MAX_WATCHED);
    const key = JSON.stringify(users);
    if (key === this.#watched) return;
    this.#watched = key;
    this.#client.presence.watch(users).catch(() => {
      // Without the right to watch, the directory's word is the last one.
      if (this.#watched === key) this.#watched = '';
    });
  }

  #personOf({ user, name, online }: Peer & { readonly online?: boolean }): Person {
    const presence = this.#client.presence.of(user);
    return {
      user,
      name: name ?? this.#names.of(user),
      online: presence?.online ?? online,
      since: presence?.since,
    };
  }
}

/** Those whose name or id contains every word that is sought, in any case and with or without accents. */
export function found(people: readonly Person[], sought: string): readonly Person[] {
  const words = plain(sought).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return people;
  return people.filter(({ user, name }) => {
    const text = plain(`${name} ${user}`);
    return words.every((word) => text.includes(word));
  });
}

/** Those online first, then by name as the language sorts. */
export function sorted(people: readonly Person[], language: string): readonly Person[] {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  return [...people].sort(
    (a, b) =>
      Number(b.online === true) - Number(a.online === true) ||
      compare(a.name, b.name) ||
      compare(a.user, b.user),
  );
}

function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();
}
