import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Violation } from '../src/violation.ts';

/** Writes a small project into a folder of its own, runs a check on it, and returns what it says. */
export function checkPlanted(
  check: (root: string) => Violation[],
  tree: Readonly<Record<string, string>>,
): string[] {
  const root = mkdtempSync(join(tmpdir(), 'ringline-planted-'));
  try {
    for (const [file, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return check(root).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
