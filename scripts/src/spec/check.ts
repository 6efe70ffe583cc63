import { ROOT } from '../paths.ts';
import type { Violation } from '../violation.ts';
import { type SpecRule, readRules } from './rules.ts';
import { readTitles } from './titles.ts';

function repeated(rules: readonly SpecRule[]): Violation[] {
  const first = new Map<string, SpecRule>();
  const violations: Violation[] = [];
  for (const rule of rules) {
    const { id, file, line } = rule;
    const earlier = first.get(id);
    if (earlier) {
      const message = `[${id}] already stands at ${earlier.file}:${earlier.line}`;
      violations.push({ file, line, message });
    } else first.set(id, rule);
  }
  return violations;
}

function missing(from: readonly SpecRule[], there: readonly SpecRule[], why: string): Violation[] {
  const ids = new Set(there.map((rule) => rule.id));
  return from
    .filter(({ id }) => !ids.has(id))
    .map(({ id, file, line }) => ({ file, line, message: `[${id}] ${why}` }));
}

/** Compares the rules of every SPEC.md with the titles of the tests, both ways. */
export function checkSpec(root = ROOT): Violation[] {
  const { rules, misshapen } = readRules(root);
  const titles = readTitles(root);
  return [
    ...misshapen.map((place) => ({ ...place, message: 'a rule is written `- **[ABC1]** text`' })),
    ...repeated(rules),
    ...missing(rules, titles, 'has no test whose title begins with it'),
    ...missing(titles, rules, 'stands in no SPEC.md'),
  ];
}
