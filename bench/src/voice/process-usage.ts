import { readFileSync } from 'node:fs';

/** What a process has used and holds. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Ticks of /proc are hundredths of a second on every Linux (proc_pid_stat(5), USER_HZ). */
const TICK_MS = 10;

/** Reads /proc, as Linux has it. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything; user and system time are the 14th and 15th of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { cpuMs, residentBytes: Number(kilobytes) * 1024 };
}
