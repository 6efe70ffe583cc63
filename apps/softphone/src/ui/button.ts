import { h, setAttributes } from './dom.ts';
import type { Attributes } from './dom.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

/** A button that shows only an icon; its name is for readers and, as a tooltip, for everybody. */
export function iconButton(
  name: IconName,
  label: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const named = { type: 'button', class: 'icon-button', 'aria-label': label, title: label };
  const button = h('button', { ...named, ...attributes }, icon(name));
  button.addEventListener('click', onClick);
  return button;
}

/** Gives an icon button another icon and name. */
export function renameIconButton(button: HTMLButtonElement, name: IconName, label: string): void {
  if (button.getAttribute('aria-label') === label) return;
  setAttributes(button, { 'aria-label': label, title: label });
  button.replaceChildren(icon(name));
}

/** A button with words. */
export function textButton(
  label: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'button', ...attributes }, label);
  button.addEventListener('click', onClick);
  return button;
}
