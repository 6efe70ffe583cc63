import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files } from '../paths.ts';

/** A rule of a SPEC.md and where it stands. */
export interface SpecRule {
  readonly id: string;
  readonly file: string;
  readonly line: number;
}

const RULE = /^- \*\*\[([A-Z]+\d+)\]\*\* \S/;
const MEANT_AS_RULE = /^\s*[-*] \*\*\[/;

/** Lines of a SPEC.md that look like a rule but are not written as one. */
export interface MisshapenRule {
  readonly file: string;
  readonly line: number;
}

/** Every rule of every package's SPEC.md: lines that begin `- **[ABC1]** text`. */
export function readRules(root: string): { rules: SpecRule[]; misshapen: MisshapenRule[] } {
  const rules: SpecRule[] = [];
  const misshapen: MisshapenRule[] = [];
  for (const file of files('packages/*/SPEC.md', root)) {
    for (const [index, text] of readFileSync(join(root, file), 'utf8').split(/\r?\n/).entries()) {
      const place = { file, line: index + 1 };
      const id = RULE.exec(text)?.[1];
      if (id !== undefined) rules.push({ id, ...place });
      else if (MEANT_AS_RULE.test(text)) misshapen.push(place);
    }
  }
  return { rules, misshapen };
}
