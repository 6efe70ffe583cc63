import { files } from '../paths.ts';
import { type SyntaxNode, isNode, parseSource, walk } from '../syntax.ts';
import type { SpecRule } from './rules.ts';

const TEST_FILES = ['{packages,apps}/*/test/**/*.test.ts', '{simulation,e2e}/test/**/*.test.ts'];
const LEADING_IDS = /^(?:\s*\[[A-Z]+\d+\])+/;
const ID = /\[([A-Z]+\d+)\]/g;

function textOf(node: SyntaxNode): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateElement' || !isNode(node)) return undefined;
  const value = node['value'];
  if (typeof value !== 'object' || value === null || !('cooked' in value)) return undefined;
  return typeof value.cooked === 'string' ? value.cooked : undefined;
}

/** `test.todo(…)` and `test.skip(…)` prove nothing. */
function isUnrun(node: SyntaxNode): boolean {
  const { callee } = node;
  if (node.type !== 'CallExpression' || !isNode(callee)) return false;
  const { property } = callee;
  return isNode(property) && (property['name'] === 'todo' || property['name'] === 'skip');
}

/** The rule ids that titles of tests begin with, in tables of cases too, and where they stand. */
export function readTitles(root: string): SpecRule[] {
  const found: SpecRule[] = [];
  for (const file of files(TEST_FILES, root)) {
    const source = parseSource(root, file);
    walk(source.program, (node) => {
      if (isUnrun(node)) return false;
      const ids = LEADING_IDS.exec(textOf(node) ?? '')?.[0] ?? '';
      for (const [, id = ''] of ids.matchAll(ID)) {
        found.push({ id, file, line: source.lineOf(node.start) });
      }
      return true;
    });
  }
  return found;
}
