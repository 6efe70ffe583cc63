import { h } from './dom.ts';

/** A round mark with the first letter of a name; its colour is always the same for one id. */
export function avatar(name: string, id: string): HTMLElement {
  const letter = Array.from(name.trim())[0] ?? '?';
  const hue = Array.from(id).reduce(
    (sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 360,
    7,
  );
  const mark = h('span', { class: 'avatar', 'aria-hidden': 'true' }, letter.toLocaleUpperCase());
  mark.style.setProperty('--hue', String(hue));
  return mark;
}
