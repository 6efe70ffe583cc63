import type { EventsOf, Listener, Told } from '../core/listeners.ts';
import { Listeners } from '../core/listeners.ts';

/** The emitter of agora-rtm-sdk, which is Node's: methods give the emitter, and a function that is added twice is called twice. */
export class EventEmitter<Events extends EventsOf<Events>> {
  static defaultMaxListeners = 10;
  readonly #listeners = new Listeners();

  on<Name extends keyof Events>(eventName: Name, listener: Events[Name]): this {
    this.#listeners.add(eventName, listener);
    return this;
  }

  once<Name extends keyof Events>(eventName: Name, listener: Events[Name]): this {
    this.#listeners.add(eventName, listener, true);
    return this;
  }

  off<Name extends keyof Events>(eventName: Name, listener: Events[Name]): this {
    this.#listeners.remove(eventName, listener);
    return this;
  }

  /** Removes the listeners of one event, or all. */
  removeAllListeners(eventName?: keyof Events): this {
    this.#listeners.clear(eventName);
    return this;
  }

  listeners(eventName: keyof Events): Listener[] {
    return this.#listeners.of(eventName);
  }

  rawListeners(eventName: keyof Events): Listener[] {
    return this.#listeners.of(eventName);
  }

  listenerCount(eventName: keyof Events): number {
    return this.#listeners.of(eventName).length;
  }

  protected emit<Name extends keyof Events>(name: Name, ...args: Told<Events, Name>): void {
    this.#listeners.tell(name, args);
  }
}
