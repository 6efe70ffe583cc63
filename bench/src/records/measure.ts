import type { Step } from '@ringline/server';

export const FEW = 1_000;
export const MANY = 1_000_000;
const ROUNDS = 200;

/** A step with nothing in it but what is given. */
export function stepOf(parts: Partial<Step>): Step {
  const nothing = { calls: [], lines: [], expect: [], devices: [], inbox: [], reads: [] };
  const others = { records: [], quality: [], seen: [], events: [] };
  return { at: 0, cause: { type: 'bench' }, ...nothing, ...others, ...parts };
}

/** The head of a table of milliseconds. */
export function heading(what: string): void {
  console.log(`${what}, ms (median of ${ROUNDS})`);
  row('', 'among 1,000', 'among 1,000,000', 'ratio');
}

/** A row of it: among few and among many. */
export function compare(name: string, times: readonly number[], digits = 3): void {
  const [one = 0, other = 0] = times;
  row(name, one.toFixed(digits), other.toFixed(digits), `${(other / one).toFixed(2)} ×`);
}

function row(...cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(18))).join(''));
}

/** The median time of each, in milliseconds; turn and turn about, so that what disturbs one disturbs the other. */
export async function inTurn(
  works: readonly (() => Promise<unknown>)[],
  rounds = ROUNDS,
): Promise<readonly number[]> {
  const times = works.map(() => [] as number[]);
  for (let i = 0; i < rounds; i++) {
    for (const [w, work] of works.entries()) times[w]?.push(await timeOf(work));
  }
  return times.map(medianOf);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
