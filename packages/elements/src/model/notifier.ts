import type { Call } from '@ringline/client';
import { Changing } from './changing.ts';
import type { Names } from './names.ts';
import type { Phone } from './phone.ts';

/** A notification on the desktop that is shown. */
export interface Shown {
  close(): void;
}

/** What a notification says; of two with the same tag the newer takes the other's place, also across pages. */
export interface Notice {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly clicked: () => void;
}

/** The desktop's notifications. */
export interface Desktop {
  readonly permission: 'granted' | 'denied' | 'default' | 'none';
  /** Asks the user; only from a click. */
  ask(): Promise<void>;
  show(notice: Notice): Shown;
}

/** The page itself. */
export interface PagePort {
  readonly isHidden: boolean;
  focus(): void;
  /** Runs when `isHidden` changes. */
  watch(changed: () => void): () => void;
}

/** What a notifier is made of. */
export interface NotifierParts {
  readonly phone: Phone;
  readonly names: Names;
  readonly desktop: Desktop;
  readonly page: PagePort;
  /** What kind of call it is, in the user's language. */
  readonly describe: (call: Call) => string;
}

/** Shows calls on the desktop while nobody sees the page, and takes them away with their outcome. */
export class Notifier extends Changing {
  readonly #parts: NotifierParts;
  readonly #stops: (() => void)[];
  readonly #shown = new Map<Call, Shown>();

  constructor(parts: NotifierParts) {
    super();
    this.#parts = parts;
    const update = () => this.#update();
    this.#stops = [parts.phone.watch(update), parts.page.watch(update)];
    this.#update();
  }

  /** Whether the user has not been asked yet. */
  get canAsk(): boolean {
    return this.#parts.desktop.permission === 'default';
  }

  /** Asks the user for leave; only from a click. */
  async ask(): Promise<void> {
    await this.#parts.desktop.ask();
    this.changed();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const shown of this.#shown.values()) shown.close();
    this.#shown.clear();
  }

  #update(): void {
    const { phone, page, desktop } = this.#parts;
    const isWanted = page.isHidden && desktop.permission === 'granted';
    const ringing = phone.ringing.filter((call) => !phone.isAnswering(call));
    for (const [call, shown] of this.#shown) {
      if (isWanted && ringing.includes(call)) continue;
      shown.close();
      this.#shown.delete(call);
    }
    if (!isWanted) return;
    for (const call of ringing) if (!this.#shown.has(call)) this.#show(call);
  }

  #show(call: Call): void {
    const { desktop, page, names, describe } = this.#parts;
    const notice: Notice = {
      tag: `ringline/${call.id}`,
      title: names.of(call.peer.user),
      body: describe(call),
      clicked: () => page.focus(),
    };
    this.#shown.set(call, desktop.show(notice));
  }
}
