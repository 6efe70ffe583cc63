type Value = string | number | boolean | undefined;

/** Attributes of an element; `true` sets an empty one, `false` and undefined leave it away. */
export type Attributes = Readonly<Record<string, Value>>;

/** Builds an element. Strings become text nodes, so whatever users write stays text. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** Sets or removes attributes. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Changes an element's text only when it differs, so that a live region speaks once. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows an element or hides it from everybody, readers included. */
export function show(element: HTMLElement, isShown: boolean): void {
  element.hidden = !isShown;
}
