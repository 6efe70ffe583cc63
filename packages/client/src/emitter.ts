interface Entry {
  readonly name: PropertyKey;
  readonly listener: (payload: never) => void;
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
  #entries: readonly Entry[] = [];

  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    return this.#add({ name, listener, once: false });
  }

  once<Name extends keyof Events>(
    name: Name,
    listener: (payload: Events[Name]) => void,
  ): () => void {
    return this.#add({ name, listener, once: true });
  }

  off<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): void {
    this.#keep((entry) => entry.name !== name || entry.listener !== listener);
  }

  /** Somebody has begun to listen. */
  protected listened(): void {}

  /** Whether anybody listens. */
  protected isHeard(name: keyof Events): boolean {
    return this.#entries.some((entry) => entry.name === name);
  }

  /** Tells every listener and returns how many there were. */
  protected emit<Name extends keyof Events>(name: Name, payload: Events[Name]): number {
    const entries = this.#entries.filter((entry) => entry.name === name);
    for (const entry of entries) {
      if (entry.once) this.#keep((each) => each !== entry);
      try {
        (entry.listener as (payload: Events[Name]) => void)(payload);
      } catch (error) {
        console.error(`ringline: a listener of '${name as string}' threw`, error);
      }
    }
    return entries.length;
  }

  #add(entry: Entry): () => void {
    this.#entries = [...this.#entries, entry];
    this.listened();
    return () => this.#keep((each) => each !== entry);
  }

  #keep(isWanted: (entry: Entry) => boolean): void {
    this.#entries = this.#entries.filter(isWanted);
  }
}
