import type { UserId } from '@ringline/protocol';
import type { Store, UserPresence } from '../store/store.ts';

/**
 * Reads where users stand, one reading at a time: what is asked while one is under way is read after
 * it, together for all who ask. So no older reading overtakes a newer one, and many lists cost few.
 */
export class PresenceReader {
  readonly #store: Pick<Store, 'presence'>;
  readonly #found: (found: readonly UserPresence[]) => void;
  readonly #asked = new Set<UserId>();
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, 'presence'>, found: (found: readonly UserPresence[]) => void) {
    this.#store = store;
    this.#found = found;
  }

  /** Resolves when what is true now, or later, was found; throws StoreFault when the store is away. */
  read(users: Iterable<UserId>): Promise<void> {
    for (const user of users) this.#asked.add(user);
    if (this.#next === undefined) {
      this.#next = this.#last.then(() => this.#readAsked());
      this.#last = this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  async #readAsked(): Promise<void> {
    const asked = [...this.#asked];
    this.#asked.clear();
    this.#next = undefined;
    if (asked.length > 0) this.#found(await this.#store.presence(asked));
  }
}
