import type { EventsOf, Told } from '../core/listeners.ts';
import { Listeners } from '../core/listeners.ts';

/** The emitter of ar-rtm-sdk: methods give nothing, and a function that is added twice is called once. */
export class EventEmitter<Events extends EventsOf<Events>> {
  readonly #listeners = new Listeners();

  on<Name extends keyof Events>(eventName: Name, callback: Events[Name]): void {
    if (!this.#listeners.has(eventName, callback)) this.#listeners.add(eventName, callback);
  }

  once<Name extends keyof Events>(eventName: Name, callback: Events[Name]): void {
    if (!this.#listeners.has(eventName, callback)) this.#listeners.add(eventName, callback, true);
  }

  off<Name extends keyof Events>(eventName: Name, callback: Events[Name]): void {
    this.#listeners.remove(eventName, callback);
  }

  /** Removes the listeners of one event, or all. */
  removeAllListeners(eventName?: keyof Events): void {
    this.#listeners.clear(eventName);
  }

  emit<Name extends keyof Events>(eventName: Name, ...args: Told<Events, Name>): void {
    this.#listeners.tell(eventName, args);
  }
}
