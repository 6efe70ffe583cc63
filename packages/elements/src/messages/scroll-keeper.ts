import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Conversation } from '../model/conversation.ts';

type Host = ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Within so many pixels of the end somebody reads along, and new messages keep the end in sight. */
const AT_END = 60;
/** And so near the top older ones are fetched. */
const NEAR_TOP = 200;

/** Keeps what somebody reads where it is while messages come above and below. */
export class ScrollKeeper implements ReactiveController {
  readonly #host: Host;
  readonly #nearTop: () => void;
  #isAtEnd = true;
  #isPlaced = false;
  #oldest: number | undefined;
  #height = 0;
  #top = 0;

  constructor(host: Host, nearTop: () => void) {
    this.#host = host;
    this.#nearTop = nearTop;
    host.addController(this);
  }

  hostConnected(): void {}

  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Another conversation. */
  reset(): void {
    this.#isAtEnd = true;
    this.#isPlaced = false;
    this.#oldest = undefined;
  }

  /** For `scroll`. */
  readonly scrolled = (): void => {
    const scroll = this.#scroll;
    if (scroll === null) return;
    const wasAtEnd = this.#isAtEnd;
    this.#measure(scroll);
    if (scroll.scrollTop < NEAR_TOP && this.#isPlaced) this.#nearTop();
    if (wasAtEnd !== this.#isAtEnd) this.#host.requestUpdate();
  };

  /** Shows the newest message, now and as more come. */
  toEnd(): void {
    this.#isAtEnd = true;
    this.#host.requestUpdate();
  }

  /** After every drawing. */
  settle({ messages, isBegun }: Conversation, newFrom: number | undefined): void {
    const scroll = this.#scroll;
    if (scroll === null) return;
    const oldest = messages[0]?.cursor;
    const grewAbove = oldest !== undefined && this.#oldest !== undefined && oldest < this.#oldest;
    this.#oldest = oldest;
    if (!this.#isPlaced) this.#place(scroll, isBegun, newFrom);
    else if (this.#isAtEnd) scroll.scrollTop = scroll.scrollHeight;
    else if (grewAbove) scroll.scrollTop = this.#top + scroll.scrollHeight - this.#height;
    const wasAtEnd = this.#isAtEnd;
    this.#measure(scroll);
    if (wasAtEnd !== this.#isAtEnd) this.#host.requestUpdate();
  }

  /** A conversation opens at its first new message, or at its end. */
  #place(scroll: HTMLElement, isBegun: boolean, newFrom: number | undefined): void {
    const mark = newFrom === undefined ? null : scroll.querySelector<HTMLElement>('[data-new]');
    scroll.scrollTop = scroll.scrollHeight;
    if (mark !== null) {
      const above = mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
      if (above < 0) scroll.scrollTop += above - 12;
    }
    this.#isPlaced = isBegun;
  }

  #measure(scroll: HTMLElement): void {
    const { scrollTop, clientHeight, scrollHeight } = scroll;
    this.#top = scrollTop;
    this.#height = scrollHeight;
    this.#isAtEnd = scrollTop + clientHeight >= scrollHeight - AT_END;
  }

  get #scroll(): HTMLElement | null {
    return this.#host.renderRoot.querySelector('.scroll');
  }
}
