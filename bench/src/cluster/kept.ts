import { readFileSync, writeFileSync } from 'node:fs';
import type { Beside } from './beside.ts';
import type { ClusterFigure } from './figures.ts';
import type { SetupName } from './setup.ts';
import type { SubjectBytes } from './subjects.ts';

/** The run that docs/performance.md shows and docs/scaling.md reckons with. */
export interface KeptRun {
  /** What else the machine did, in a few words. */
  readonly circumstances: string;
  readonly subjectBytes: SubjectBytes;
  readonly beside: Beside;
  readonly figures: readonly ClusterFigure[];
}

const FILE = new URL('measured.json', import.meta.url);

/** The run that was kept last. */
export function keptRun(): KeptRun {
  return JSON.parse(readFileSync(FILE, 'utf8')) as KeptRun;
}

/** Keeps a run in place of the one before. */
export function keep(run: KeptRun): void {
  writeFileSync(FILE, `${JSON.stringify(run, null, 2)}\n`);
}

/** One value of a run; throws when the run has none of that name. */
export function valueIn({ figures }: KeptRun, name: string, setup: SetupName): number {
  const value = figures.find((figure) => figure.name === name)?.of[setup];
  if (value === undefined) {
    throw new Error(
      `the kept run has no “${name}” of ${setup}: run npm run bench:cluster -- --keep`,
    );
  }
  return value;
}
