import { isBuiltin } from 'node:module';
import { readImports } from '../imports/read.ts';
import { ROOT, files } from '../paths.ts';
import { type Source, type SyntaxNode, isNode, parseSource, walk } from '../syntax.ts';
import type { Violation } from '../violation.ts';
import { IMPURE_MEMBERS, IMPURE_NAMES, PURE_SOURCES } from './names.ts';

/** Whether a name only labels something here: a property, a field of a type, an import's far end. */
function isLabel(node: SyntaxNode, parent: SyntaxNode | undefined, field: string): boolean {
  if (parent === undefined || parent['computed'] === true) return false;
  if (field === 'property' || field === 'key') return !isShorthandValue(node, parent);
  return field === 'imported' || field === 'exported' || field === 'label';
}

function isShorthandValue(node: SyntaxNode, parent: SyntaxNode): boolean {
  return parent['shorthand'] === true && parent['value'] === node;
}

function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  const name = value.type === 'Identifier' ? value['name'] : value['value'];
  return typeof name === 'string' ? name : undefined;
}

/** `Math` may be used for its arithmetic, member by member, so that `random` cannot hide. */
function isArithmetic(parent: SyntaxNode | undefined, field: string): boolean {
  return (
    parent?.type === 'MemberExpression' &&
    field === 'object' &&
    nameOf(parent['property']) !== 'random'
  );
}

function impurityOf(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  field: string,
): string | undefined {
  if (node.type === 'ImportExpression') return 'import()';
  if (node.type === 'MetaProperty' && nameOf(node['meta']) === 'import') return 'import.meta';
  if (node.type === 'MemberExpression') {
    const member = nameOf(node['property']);
    return member !== undefined && IMPURE_MEMBERS.has(member) ? `.${member}` : undefined;
  }
  const name = node.type === 'Identifier' ? nameOf(node) : undefined;
  if (name === undefined || isLabel(node, parent, field)) return undefined;
  if (name === 'Math') return isArithmetic(parent, field) ? undefined : 'Math.random';
  return IMPURE_NAMES.has(name) ? name : undefined;
}

function checkSource(source: Source): Violation[] {
  const { file } = source;
  const violations: Violation[] = [];
  const add = (line: number, what: string) =>
    violations.push({ file, line, message: `${what} is not pure; pass it in` });
  for (const { specifier, line } of readImports(source)) {
    if (isBuiltin(specifier)) add(line, specifier);
  }
  walk(source.program, (node, parent, field) => {
    const impurity = impurityOf(node, parent, field);
    if (impurity !== undefined) add(source.lineOf(node.start), impurity);
  });
  return violations;
}

/** Holds protocol and call to touching no clock, randomness, Node or DOM; empty when they hold. */
export function checkPurity(root = ROOT): Violation[] {
  return files(PURE_SOURCES, root).flatMap((file) => checkSource(parseSource(root, file)));
}
