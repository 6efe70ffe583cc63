import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, files } from '../paths.ts';

/** A page of documentation that people write or read. */
export interface Document {
  /** Relative to the root. */
  readonly file: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface Block {
  /** What stands behind the opening fence, as in `ts run`. */
  readonly info: string;
  readonly code: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

const DOCUMENTS = [
  '*.md',
  'docs/**/*.md',
  '{packages,apps}/*/*.md',
  '{examples,simulation,bench,e2e}/*.md',
];

/** One document. */
export function documentAt(file: string): Document {
  return { file, text: readFileSync(join(ROOT, file), 'utf8').replaceAll('\r\n', '\n') };
}

/** Every document of the project. */
export function documents(): Document[] {
  return files(DOCUMENTS).map(documentAt);
}

const FENCE = /^ *```(.*)$/;

/** The fenced blocks of a text, in order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { info: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const info = FENCE.exec(line)?.[1];
    if (open === undefined) {
      if (info !== undefined) open = { info, lines: [], line: index + 2 };
    } else if (info === undefined) {
      open.lines.push(line);
    } else {
      blocks.push({ info: open.info, code: `${open.lines.join('\n')}\n`, line: open.line });
      open = undefined;
    }
  }
  return blocks;
}

/** The text without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

/** What stands in backticks within the prose. */
export function codeSpansOf(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** Where the links of a text lead, as written. */
export function linksOf(text: string): string[] {
  const prose = proseOf(text).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The headings of a text with their level. */
export function headingsOf(text: string): { level: number; heading: string }[] {
  return [...proseOf(text).matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', heading = '']) => ({
    level: marks.length,
    heading,
  }));
}

/** The addresses of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const { heading } of headingsOf(text)) {
    const plain = heading.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '');
    const slug = plain.replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The text from a heading to the next one of any level. */
export function sectionOf(text: string, heading: string): string {
  const sections = text.split(/^#+ /m);
  const section = sections.find((each) => each.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`there is no heading “${heading}”`);
  return section.slice(heading.length);
}

/** The cells of the tables of a text, row by row, by the first cell of their header. */
export function tablesOf(text: string): Map<string, string[][]> {
  const tables = new Map<string, string[][]>();
  for (const [block] of proseOf(text).matchAll(/(?:^\|.*\n?)+/gm)) {
    const [header = [], , ...rows] = block.trimEnd().split('\n').map(cellsOf);
    const name = header[0] ?? '';
    tables.set(name, [...(tables.get(name) ?? []), ...rows]);
  }
  return tables;
}

function cellsOf(row: string): string[] {
  const inner = row.replace(/^\|/, '').replace(/\|\s*$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}
