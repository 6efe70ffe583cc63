import { h } from './dom.ts';

/** The first letter or digit of a name, as a capital. */
export function initialOf(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toLocaleUpperCase() ?? '?';
}

/** A round mark with the initial of a name; its colour is always the same for one id. */
export function avatar(name: string, id: string): HTMLElement {
  const hue = Array.from(id).reduce(
    (sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 360,
    7,
  );
  const mark = h('span', { class: 'avatar', 'aria-hidden': 'true' }, initialOf(name));
  mark.style.setProperty('--hue', String(hue));
  return mark;
}
