import { readFileSync, writeFileSync } from 'node:fs';

/** Pages with places for generated texts. */
export const PAGES = ['performance.md', 'scaling.md'] as const;

/** What stands between `<!-- generated NAME -->` and the end of the block of code after it. */
const PLACE = /(<!-- generated (\S+) -->\n\n```\n)[^]*?(\n```)/g;

/** The page with each place filled; throws for a place that nothing is there for. */
export function filled(page: string, texts: Readonly<Record<string, string>>): string {
  return page.replace(PLACE, (_, begin: string, name: string, end: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`a page asks for “${name}”, which nothing generates`);
    return begin + text + end;
  });
}

/** The text of a page of docs/. */
export function pageOf(name: (typeof PAGES)[number]): string {
  return readFileSync(fileOf(name), 'utf8');
}

/** Fills the places of all pages. */
export function writePages(texts: Readonly<Record<string, string>>): void {
  for (const name of PAGES) writeFileSync(fileOf(name), filled(pageOf(name), texts));
}

function fileOf(name: string): URL {
  return new URL(`../../../docs/${name}`, import.meta.url);
}
