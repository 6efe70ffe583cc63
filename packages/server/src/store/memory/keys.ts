import type { MessageKey, NewInboxItem, SentMessage } from '../store.ts';

interface Keyed {
  readonly name: string;
  readonly sent: SentMessage;
  /** In how many inboxes it lies. */
  places: number;
}

/** Messages that have a key of their sender's own, as long as they lie in an inbox. */
export class MemoryKeys {
  readonly #byKey = new Map<string, Keyed>();
  readonly #byId = new Map<string, Keyed>();

  sent(by: MessageKey): SentMessage | undefined {
    return this.#byKey.get(nameOf(by))?.sent;
  }

  /** The message was put into so many inboxes. */
  note({ id, from, to, at, key }: NewInboxItem, places: number): void {
    if (key === undefined) return;
    const keyed = { name: nameOf({ from, key }), sent: { id, to, at }, places };
    this.#byKey.set(keyed.name, keyed);
    this.#byId.set(id, keyed);
  }

  /** The message lies in one inbox less. */
  leave(id: string): void {
    const keyed = this.#byId.get(id);
    if (keyed === undefined || --keyed.places > 0) return;
    this.#byId.delete(id);
    this.#byKey.delete(keyed.name);
  }
}

/** Neither a user's id nor a key contains a line break. */
function nameOf({ from, key }: MessageKey): string {
  return `${from}\n${key}`;
}
