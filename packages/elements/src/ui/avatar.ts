import { html } from 'lit';
import type { TemplateResult } from 'lit';

/** The first letters or digits of the first and the last word of a name, as capitals. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._@-]+/u).flatMap((word) => /[\p{L}\p{N}]/u.exec(word) ?? []);
  const [first = '?'] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  // Two characters of these scripts fill the circle: one says as much.
  const isWide = /\p{sc=Han}|\p{sc=Hangul}|\p{sc=Hira}|\p{sc=Kana}/u.test(first);
  return (isWide ? first : first + last).toLocaleUpperCase();
}

/** The hue of a user, in degrees: always the same for one id. */
export function hueOf(id: string): number {
  return Array.from(id).reduce((sum, each) => (sum * 31 + (each.codePointAt(0) ?? 0)) % 360, 7);
}

/** A round mark with the initials of a name, in a colour of its user's own. */
export function avatar(name: string, id: string): TemplateResult {
  // As a property: a style in the markup is what a Content-Security-Policy forbids.
  const style = `--hue: ${hueOf(id)}`;
  return html`<span class="avatar" part="avatar" .style=${style} aria-hidden="true"
    >${initialsOf(name)}</span
  >`;
}
