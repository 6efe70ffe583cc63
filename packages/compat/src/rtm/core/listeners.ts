/** A function that is told of an event. */
export type Listener = (...args: never[]) => unknown;

/** What an emitter can tell: the functions that are called, by the event's name. */
export type EventsOf<Events> = { readonly [Name in keyof Events]: Listener };

/** What the listener of an event is given. */
export type Told<Events, Name extends keyof Events> = Events[Name] extends (
  ...args: infer Args
) => unknown
  ? Args
  : never;

/** How something tells its events. */
export type Tell<Events> = <Name extends keyof Events>(
  name: Name,
  ...args: Told<Events, Name>
) => void;

interface Entry {
  readonly name: PropertyKey;
  readonly listener: Listener;
  readonly isOnce: boolean;
}

/** Listeners by the name of their event, any name; one that throws is reported on the console and disturbs nobody else. */
export class Listeners {
  #entries: readonly Entry[] = [];

  add(name: PropertyKey, listener: Listener, isOnce = false): void {
    this.#entries = [...this.#entries, { name, listener, isOnce }];
  }

  has(name: PropertyKey, listener: Listener): boolean {
    return this.of(name).includes(listener);
  }

  /** Removes the one that was added last, as Node's emitters do. */
  remove(name: PropertyKey, listener: Listener): void {
    const last = this.#entries.findLast(
      (entry) => entry.name === name && entry.listener === listener,
    );
    this.#entries = this.#entries.filter((entry) => entry !== last);
  }

  /** Removes those of one event, or all. */
  clear(name?: PropertyKey): void {
    this.#entries = name === undefined ? [] : this.#entries.filter((entry) => entry.name !== name);
  }

  of(name: PropertyKey): Listener[] {
    return this.#entries.flatMap((entry) => (entry.name === name ? [entry.listener] : []));
  }

  /** Tells those that listen at this moment. */
  tell(name: PropertyKey, args: readonly unknown[]): void {
    for (const entry of this.#entries.filter((each) => each.name === name)) {
      if (entry.isOnce) this.#entries = this.#entries.filter((each) => each !== entry);
      tellOne(name, entry.listener, args);
    }
  }
}

/** Tells one function of an event; what it throws is reported on the console. */
export function tellOne(name: PropertyKey, listener: Listener, args: readonly unknown[]): void {
  try {
    (listener as (...args: readonly unknown[]) => unknown)(...args);
  } catch (error) {
    console.error(`ringline: a listener of '${String(name)}' threw`, error);
  }
}

/** Tells all of these, each in its own way. */
export function tellAll<Events>(tellers: readonly Tell<Events>[]): Tell<Events> {
  return (name, ...args) => {
    for (const tell of tellers) tell(name, ...args);
  };
}
