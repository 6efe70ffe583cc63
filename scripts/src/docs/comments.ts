import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { ROOT, files } from '../paths.ts';
import { type SyntaxNode, isNode, walk } from '../syntax.ts';

/** What stands above an interface or union and above its fields. */
export interface TypeComments {
  readonly comment: string;
  readonly fields: ReadonlyMap<string, string>;
  /** The text of its `type` field, when that is one word: the message it describes. */
  readonly message: string | undefined;
}

interface Read extends TypeComments {
  readonly parents: readonly string[];
}

/** The comments of every type below these files, by the type's name; fields come with their parents'. */
export function readComments(patterns: readonly string[]): Map<string, TypeComments> {
  const read = new Map(files(patterns).flatMap(readFile));
  return new Map(
    [...read].map(([name, one]) => [name, { ...one, fields: withParents(one, read) }]),
  );
}

function withParents(one: Read, all: ReadonlyMap<string, Read>): Map<string, string> {
  const fields = new Map<string, string>();
  for (const name of one.parents) {
    const parent = all.get(name);
    if (parent) for (const [field, comment] of withParents(parent, all)) fields.set(field, comment);
  }
  for (const [field, comment] of one.fields) fields.set(field, comment);
  return fields;
}

function readFile(file: string): [string, Read][] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const { program, comments } = parseSync(file, text);
  const above = (node: SyntaxNode) => {
    const found = comments.find(
      ({ type, end }) =>
        type === 'Block' && end <= node.start && text.slice(end, node.start).trim() === '',
    );
    return found === undefined ? '' : plain(found.value);
  };
  const types: [string, Read][] = [];
  walk(program as unknown as SyntaxNode, (node, parent) => {
    if (node.type !== 'TSInterfaceDeclaration' && node.type !== 'TSTypeAliasDeclaration') return;
    const top = parent?.type === 'ExportNamedDeclaration' ? parent : node;
    types.push([nameOf(node['id']), readType(node, above(top), above)]);
  });
  return types;
}

function readType(node: SyntaxNode, comment: string, above: (node: SyntaxNode) => string): Read {
  const members = isNode(node['body']) ? nodes(node['body']['body']) : [];
  const fields = members.map((member): [string, string] => [nameOf(member['key']), above(member)]);
  const parents = nodes(node['extends']).map((one) => nameOf(one['expression']));
  const type = members.find((member) => nameOf(member['key']) === 'type');
  return { comment, fields: new Map(fields), parents, message: literalOf(type) };
}

function literalOf(member: SyntaxNode | undefined): string | undefined {
  let found: string | undefined;
  if (member === undefined) return undefined;
  walk(member, (node) => {
    if (node.type === 'Literal' && typeof node['value'] === 'string') found = node['value'];
  });
  return found;
}

function nodes(value: unknown): SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function nameOf(value: unknown): string {
  // A name that is no identifier is in quotes.
  const name = isNode(value) ? (value['name'] ?? value['value']) : undefined;
  return typeof name === 'string' ? name : '';
}

function plain(comment: string): string {
  return comment
    .replaceAll(/^\s*\*\s?/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
