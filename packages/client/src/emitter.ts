interface Entry<Payload> {
  readonly listener: (payload: Payload) => void;
  readonly once: boolean;
}

/** What can be listened to; `Events` maps each event's name to what its listeners are given. */
export interface Listenable<Events extends object> {
  /** Listens until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void;
  /** Listens to the next one only; the returned function stops it before. */
  once<Name extends keyof Events>(
    name: Name,
    listener: (payload: Events[Name]) => void,
  ): () => void;
  /** Stops a listener of `on` or `once`. */
  off<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): void;
}

/** Typed events. A listener that throws is reported on the console and disturbs nobody else. */
export class Emitter<Events extends object> implements Listenable<Events> {
  readonly #entries = new Map<keyof Events, Entry<never>[]>();

  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    return this.#add(name, { listener, once: false });
  }

  once<Name extends keyof Events>(
    name: Name,
    listener: (payload: Events[Name]) => void,
  ): () => void {
    return this.#add(name, { listener, once: true });
  }

  off<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): void {
    this.#keep(name, (entry) => entry.listener !== listener);
  }

  /** Whether anybody listens. */
  protected isHeard(name: keyof Events): boolean {
    return this.#entriesOf(name).length > 0;
  }

  /** Tells every listener and returns how many there were. */
  protected emit<Name extends keyof Events>(name: Name, payload: Events[Name]): number {
    const entries = this.#entriesOf(name);
    for (const entry of entries) {
      if (entry.once) this.#keep(name, (each) => each !== entry);
      tell(entry as Entry<Events[Name]>, payload, String(name));
    }
    return entries.length;
  }

  #add(name: keyof Events, entry: Entry<never>): () => void {
    this.#entries.set(name, [...this.#entriesOf(name), entry]);
    return () => this.#keep(name, (each) => each !== entry);
  }

  #keep(name: keyof Events, wanted: (entry: Entry<never>) => boolean): void {
    this.#entries.set(name, this.#entriesOf(name).filter(wanted));
  }

  #entriesOf(name: keyof Events): Entry<never>[] {
    return this.#entries.get(name) ?? [];
  }
}

function tell<Payload>(entry: Entry<Payload>, payload: Payload, name: string): void {
  try {
    entry.listener(payload);
  } catch (error) {
    console.error(`ringline: a listener of '${name}' threw`, error);
  }
}
