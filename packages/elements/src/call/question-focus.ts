import { focusedIn, isTypingIn, takeFocus } from '../ui/focus.ts';

/** Puts the focus on a question when it comes, and back to where it was when it is over. */
export class QuestionFocus {
  #question: HTMLElement | null = null;
  #before: Element | null = null;

  /** What is asked just now; where what had the focus is gone, `area` takes it. */
  follow(question: HTMLElement | null, area: HTMLElement | null): void {
    if (question === this.#question) return;
    const isNew = this.#question === null;
    this.#question = question;
    if (question === null) return this.#giveBack(area);
    if (!isNew) return;
    this.#before = focusedIn(document);
    // Whoever writes just now goes on writing: it is announced, and is a Tab away.
    if (!isTypingIn(document)) takeFocus(question);
  }

  #giveBack(area: HTMLElement | null): void {
    const before = this.#before;
    this.#before = null;
    const focused = focusedIn(document);
    if (focused !== null && focused !== document.body) return;
    if (before instanceof HTMLElement && before.isConnected) takeFocus(before);
    if (focusedIn(document) !== before && area !== null) takeFocus(area);
  }
}
