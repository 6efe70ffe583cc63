import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, parseSync } from 'oxc-parser';

/** A node of the ESTree that the parser makes, read without knowing its kind. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A parsed file; `lineOf` turns an offset into a line number from 1. */
export interface Source {
  readonly file: string;
  readonly program: SyntaxNode;
  lineOf(offset: number): number;
}

/** Parses one TypeScript file below the root; throws when it is not valid TypeScript. */
export function parseSource(root: string, file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error) throw new Error(`${file}: ${error.message}`);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  return { file, program: asNode(program), lineOf };
}

function asNode(program: Program): SyntaxNode {
  return program as unknown as SyntaxNode;
}

/** Whether a value found in a tree is a node of it. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Visits every node below and including this one, outside in; returning `false` skips the inside. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined, field: string) => boolean | void,
  parent?: SyntaxNode,
  field = '',
): void {
  if (visit(node, parent, field) === false) return;
  for (const [name, value] of Object.entries(node)) {
    for (const child of [value].flat()) if (isNode(child)) walk(child, visit, node, name);
  }
}
