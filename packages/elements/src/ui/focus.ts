/** The element that has the focus, inside shadow roots too. */
export function focusedIn(document: Document): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

const TEXT_INPUT = /^(text|search|email|tel|url|password|number|)$/;

/** Whether somebody is in a field that takes text. */
export function isTypingIn(document: Document): boolean {
  const at = focusedIn(document);
  if (at instanceof HTMLInputElement) return TEXT_INPUT.test(at.type);
  if (at instanceof HTMLTextAreaElement) return true;
  return at instanceof HTMLElement && at.isContentEditable;
}

/** Moves the focus to an element, without scrolling the page. */
export function takeFocus(element: HTMLElement): void {
  element.focus({ preventScroll: true });
}
