import type { Peer, UserId } from '@ringline/client';
import { Changing } from './changing.ts';

/** What users are called: learned from calls and lists, the id where nothing is known. */
export class Names extends Changing {
  readonly #known = new Map<UserId, string>();

  /** How to call a user. */
  of(user: UserId): string {
    return this.#known.get(user) ?? user;
  }

  /** Keeps what somebody is called; the newest word counts. */
  learn({ user, name }: Peer): void {
    if (name === undefined || name === '' || this.#known.get(user) === name) return;
    this.#known.set(user, name);
    this.changed();
  }
}
