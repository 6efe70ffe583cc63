import { readFileSync, readdirSync } from 'node:fs';

/** What a process and all that descend from it have used. */
export interface TreeUse {
  /** User and system time, also of those that are over. */
  readonly cpuMicros: number;
  /** Bytes that they read, from files and sockets alike. */
  readonly readBytes: number;
}

/** Ticks of /proc are hundredths of a second on every Linux (proc_pid_stat(5), USER_HZ). */
const TICK_MICROS = 10_000;

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMicros: number;
}

/** Reads /proc, as Linux has it. */
export function useOfTree(root: number): TreeUse {
  const tree = treeOf(root, allLines());
  return {
    cpuMicros: sum(tree.map(({ cpuMicros }) => cpuMicros)),
    readBytes: sum(tree.map(({ pid }) => readBytesOf(pid))),
  };
}

/** Of the process and all that descend from it, those that live. */
export function treePids(root: number): readonly number[] {
  return treeOf(root, allLines()).map(({ pid }) => pid);
}

function allLines(): readonly ProcessLine[] {
  return readdirSync('/proc').flatMap((name) => lineOf(name));
}

/** The process itself and all below it. */
export function treeOf<Line extends Pick<ProcessLine, 'pid' | 'parent'>>(
  root: number,
  lines: readonly Line[],
): readonly Line[] {
  const own = lines.filter(({ pid }) => pid === root);
  const below = lines.filter(({ parent }) => parent === root);
  return [...own, ...below.flatMap(({ pid }) => treeOf(pid, lines))];
}

/** One line of `/proc/PID/stat`: its name may hold anything, so fields are counted from behind it. */
export function parseStat(pid: number, stat: string): ProcessLine {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Fields 14 to 17: user and system time, its own and that of children that are over.
  const ticks = sum(fields.slice(11, 15).map(Number));
  return { pid, parent: Number(fields[1]), cpuMicros: ticks * TICK_MICROS };
}

/** None for what is no process, or is over meanwhile. */
function lineOf(name: string): readonly ProcessLine[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    return [parseStat(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))];
  } catch {
    return [];
  }
}

function readBytesOf(pid: number): number {
  try {
    return Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
