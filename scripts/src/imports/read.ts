import { type SyntaxNode, type Source, isNode, walk } from '../syntax.ts';

/** One mention of another module; `erased` ones are gone at run time. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly erased: boolean;
}

function specifierOf(node: SyntaxNode): string | undefined {
  const { source } = node;
  if (!isNode(source)) return undefined;
  return typeof source['value'] === 'string' ? source['value'] : undefined;
}

function isErased(node: SyntaxNode): boolean {
  return (
    node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type'
  );
}

const MENTIONS = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

/** Every import, re-export, dynamic import and import type of a file that names its module. */
export function readImports(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.program, (node) => {
    if (!MENTIONS.has(node.type)) return;
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    found.push({ specifier, line: source.lineOf(node.start), erased: isErased(node) });
  });
  return found;
}
