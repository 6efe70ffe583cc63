import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_ERRORS } from '@ringline/client';
import { expect, test } from 'vitest';
import { readComments } from '../src/docs/comments.ts';
import {
  blocksOf,
  codeSpansOf,
  documentAt,
  headingsOf,
  linksOf,
  sectionOf,
  tablesOf,
} from '../src/docs/documents.ts';
import { MAY_IMPORT } from '../src/imports/table.ts';
import { ROOT, files } from '../src/paths.ts';
import { isNode, parseSource, walk } from '../src/syntax.ts';

const sdk = documentAt('docs/sdk.md').text;
const types = readComments(['packages/client/src/**/*.ts']);

/** The names in the first column of one table of a section; `call()` is `call`. */
function listed(heading: string, header: string): string[] {
  const rows = tablesOf(sectionOf(sdk, heading)).get(header) ?? [];
  return rows.map(([cell = '']) => cell.replaceAll(/[`()]/g, '')).toSorted();
}

function membersOf(...names: string[]): string[] {
  return names.flatMap((name) => [...(types.get(name)?.fields.keys() ?? [])]).toSorted();
}

/** What a class shows: everything but its constructor and what begins with #. */
function publicMembersOf(file: string, name: string): string[] {
  const members = new Set<string>();
  walk(parseSource(ROOT, file).program, (node, parent) => {
    const { id, key } = node;
    if (node.type === 'ClassDeclaration') return isNode(id) && id['name'] === name;
    if (parent?.type !== 'ClassBody') return true;
    const isPublic = node['kind'] !== 'constructor' && node['accessibility'] !== 'protected';
    if (isPublic && isNode(key) && key.type === 'Identifier') {
      members.add(String(key['name']));
    }
    return false;
  });
  return [...members].toSorted();
}

test('docs/sdk.md lists every option', () => {
  expect(listed('Options', 'Option')).toEqual(membersOf('ClientOptions', 'Ports'));
});

test('docs/sdk.md lists every member and event of the client', () => {
  const members = publicMembersOf('packages/client/src/ringline-client.ts', 'RinglineClient');
  expect(listed('The client', 'Member')).toEqual([...members, 'on', 'once', 'off'].toSorted());
  expect(listed('The client', 'Event')).toEqual(membersOf('ClientEvents'));
});

test('docs/sdk.md lists every member and event of a call', () => {
  const own = membersOf('Call').filter((name) => !['on', 'once', 'off'].includes(name));
  expect(listed('A call', 'Member')).toEqual(own);
  expect(listed('A call', 'Event')).toEqual(membersOf('CallEvents'));
});

test('docs/sdk.md lists every error of the SDK with what to do about it', () => {
  const rows = tablesOf(sectionOf(sdk, 'Errors')).get('Code') ?? [];
  expect(rows.map(([code = '', meaning]) => [code.replaceAll('`', ''), meaning])).toEqual(
    Object.entries(CLIENT_ERRORS),
  );
});

test('ARCHITECTURE.md shows the import table, and what of it does not exist yet', () => {
  const rows = tablesOf(documentAt('ARCHITECTURE.md').text).get('workspace') ?? [];
  const shown = rows.map(([folder = '', imports = '']) => ({
    folder: codeSpansOf(folder).join(''),
    imports: codeSpansOf(imports),
    exists: !folder.startsWith('_'),
  }));
  const table = Object.entries(MAY_IMPORT).map(([folder, imports]) => ({
    folder,
    imports,
    exists: existsSync(join(ROOT, folder)),
  }));
  expect(shown).toEqual(table);
});

test('docs/bad-input.md names tests that exist', () => {
  const tests = files(['{packages,simulation}/**/test/**/*.ts'])
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const rows = tablesOf(documentAt('docs/bad-input.md').text).get('Input') ?? [];
  const titles = rows.flatMap((row) => codeSpansOf(row[2] ?? ''));
  expect(titles.length).toBeGreaterThan(15);
  expect(titles.filter((title) => !tests.includes(`'${title}'`))).toEqual([]);
  expect(rows.filter((row) => row.length !== 3 || row[2] === '')).toEqual([]);
});

/** What two languages of one page have in common. */
function shapeOf(file: string) {
  const { text } = documentAt(file);
  return {
    headings: headingsOf(text).map(({ level }) => level),
    links: linksOf(text).filter((target) => !target.startsWith('README')),
    items: text.match(/^- /gm)?.length,
    tables: [...tablesOf(text).values()].map((rows) => rows.map(([first]) => first)),
    code: blocksOf(text).map(({ info, code }) => [info, code.replaceAll(/^ *\/[/*].*$/gm, '')]),
  };
}

test('the READMEs say the same in both languages, and are short', () => {
  expect(shapeOf('README.zh-CN.md')).toEqual(shapeOf('README.md'));
  for (const file of ['README.md', 'README.zh-CN.md']) {
    expect(documentAt(file).text.split('\n').length).toBeLessThan(210);
  }
});
