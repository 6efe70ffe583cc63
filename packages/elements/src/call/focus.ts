import { focusedIn, takeFocus } from '../ui/focus.ts';
import type { Appearance } from './appearance.ts';
import { QuestionFocus } from './question-focus.ts';

/** Whether an element is inside another one, through shadow roots. */
function isWithin(element: Element, host: Element): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && (root.host === host || isWithin(root.host, host));
}

/** Whether the focus is on a call that rang and is about to go. */
function isAbout(focused: Element | null): boolean {
  const root = focused?.getRootNode();
  return root instanceof ShadowRoot && root.host.localName === 'ringline-incoming';
}

function isNowhere(): boolean {
  const focused = focusedIn(document);
  return focused === null || focused === document.body;
}

/** Where the focus is while a call comes, changes and goes: nobody loses it, and nobody is torn from what they do. */
export class CallFocus {
  readonly #host: HTMLElement;
  readonly #question = new QuestionFocus();
  /** Where it was before the call took it. */
  #before: Element | null = null;
  #isWanted = false;
  #wasInside = false;
  #waiting = 0;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Before the call is drawn anew. */
  look(): void {
    this.#wasInside = Boolean(this.#host.shadowRoot?.activeElement);
  }

  /** The call takes the focus when its user began it, or when what had the focus is gone. */
  appears(before: Appearance, now: Appearance): void {
    const focused = focusedIn(document);
    if (before === 'idle') this.#before = focused;
    const isLost = focused === null || isNowhere() || isWithin(focused, this.#host);
    this.#isWanted = now === 'starting' || isLost || isAbout(focused);
  }

  /** Once it is drawn, with so many calls that wait beside it. */
  follow(waiting: number): void {
    const area = this.#find('.area');
    if (this.#isWanted) this.#move(area);
    this.#question.follow(this.#find('.request'), area);
    const isLess = waiting < this.#waiting;
    this.#waiting = waiting;
    if (area === null) return;
    if (this.#wasInside && isNowhere()) takeFocus(area);
    // What waited is another element's, which is drawn by then.
    if (isLess) requestAnimationFrame(() => area.isConnected && isNowhere() && takeFocus(area));
  }

  #move(area: HTMLElement | null): void {
    this.#isWanted = false;
    const before = this.#before;
    if (area !== null) takeFocus(area);
    else if (before instanceof HTMLElement && before.isConnected) takeFocus(before);
  }

  #find(css: string): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>(css) ?? null;
  }
}
