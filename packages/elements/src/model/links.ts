/** A part of a text: as it is, or with where it leads. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

/** Only what a browser opens as a page: never `javascript:` or `data:`. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`，。！？；：、（）《》「」【】]+/giu;
/** Behind an address these belong to the sentence. */
const TRAILING = /[.,!?;:]+$|[.,!?;:]*\)+$/u;

/** A text in parts, its web addresses as links. */
export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimmed(match[0]);
    if (!URL.canParse(found)) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: found, href: new URL(found).href });
    at = match.index + found.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

function trimmed(address: string): string {
  const isBalanced = address.includes('(');
  return isBalanced ? address.replace(/[.,!?;:]+$/u, '') : address.replace(TRAILING, '');
}
