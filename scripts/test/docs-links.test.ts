import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, blocksOf, codeSpansOf, documents, linksOf } from '../src/docs/documents.ts';
import type { Document } from '../src/docs/documents.ts';
import { MAY_IMPORT } from '../src/imports/table.ts';
import { ROOT, files } from '../src/paths.ts';
import { readRules } from '../src/spec/rules.ts';

const DOCUMENTS = documents();
const PLACES = /^(?:packages|apps|examples|scripts|simulation|bench|e2e|deploy|docs)\/[\w./-]+$/;

/** What is wrong with a link, or nothing. */
function flawOfLink({ file, text }: Document, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const place = path === '' ? file : posix.join(dirname(file), path);
  if (!existsSync(join(ROOT, place))) return `${target} leads nowhere`;
  if (anchor === undefined) return undefined;
  const there = path === '' ? text : readFileSync(join(ROOT, place), 'utf8');
  return anchorsOf(there).has(anchor) ? undefined : `${target}: there is no such heading`;
}

/** Places of the repository that a document names in code or draws in a plain block. */
function placesIn({ text }: Document): string[] {
  const drawn = blocksOf(text).filter(({ info }) => info === '');
  const words = drawn.flatMap(({ code }) => code.split(/\s+/));
  return [...codeSpansOf(text), ...words].filter((word) => PLACES.test(word));
}

function scriptsIn(folder = '.'): Record<string, string> {
  const manifest = readFileSync(join(ROOT, folder, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { scripts?: Record<string, string> }).scripts ?? {};
}

function isPlanned(place: string): boolean {
  return Object.keys(MAY_IMPORT).some((folder) => place === folder);
}

describe.each(DOCUMENTS.map((document) => [document.file, document] as const))('%s', (_, doc) => {
  test('links to what exists', () => {
    expect(linksOf(doc.text).flatMap((target) => flawOfLink(doc, target) ?? [])).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const missing = placesIn(doc).filter((place) => !existsSync(join(ROOT, place)));
    expect(missing.filter((place) => !isPlanned(place))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = doc.text.matchAll(/npm run ([a-z][\w:-]*)(?: --workspace ([\w/-]+))?/g);
    const missing = [...named].filter(([, name = '', folder]) => !(name in scriptsIn(folder)));
    expect(missing.map(([words]) => words)).toEqual([]);
  });

  test('names no path of this machine', () => {
    expect(doc.text).not.toContain(ROOT);
    expect(doc.text).not.toContain(`${homedir()}/`);
    expect(doc.text).not.toMatch(/(?<![\w./])\/(?:home|root|Users|work|tmp|mnt)\//);
  });
});

test('rules that documents name stand in a SPEC', () => {
  const ids = new Set(readRules(ROOT).rules.map(({ id }) => id));
  const pages = DOCUMENTS.filter(({ file }) => /^docs\/(why|bad-input)|^[A-Z]+\.md/.test(file));
  const named = pages.flatMap(({ text }) => text.match(/\b[A-Z]{3}\d+\b/g) ?? []);
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((id) => !ids.has(id))).toEqual([]);
});

test('every page of docs/why is listed there', () => {
  const pages = files('docs/why/*.md').map((file) => posix.basename(file));
  const list = DOCUMENTS.find(({ file }) => file === 'docs/why/README.md');
  expect(linksOf(list?.text ?? '').filter((target) => !target.includes('/'))).toEqual(
    expect.arrayContaining(pages.filter((page) => page !== 'README.md')),
  );
});
