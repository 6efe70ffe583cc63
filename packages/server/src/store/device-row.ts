import type { Actor } from '@ringline/call';
import type { Device, KeptResult } from './store.ts';

/** What changes of a device seldom, as one text; the columns beside it change with every command. */
export type Rest = Pick<
  Device,
  'binding' | 'lostAt' | 'hasLeft' | 'resumeHash' | 'profile' | 'takesSecond' | 'login'
>;

/** The columns of a device. */
export interface DeviceRow {
  readonly version: number;
  readonly lastSeq: number;
  readonly acknowledged: number;
  readonly results: string;
  readonly rest: string;
}

/** A device, and its results as they are written. */
export interface KnownDevice {
  readonly device: Device;
  readonly lines: string;
}

/** The device of a row. */
export function deviceOf({ user, device }: Actor, row: DeviceRow): Device {
  const { version, lastSeq, acknowledged, results } = row;
  // Rows from before there was RTM have no login, and know of no goodbye.
  const rest = JSON.parse(row.rest) as Omit<Rest, 'login' | 'hasLeft'> & Partial<Rest>;
  const kept = resultsOf(results);
  return {
    user,
    device,
    version,
    lastSeq,
    results: kept,
    acknowledged,
    ...rest,
    login: rest.login ?? null,
    hasLeft: rest.hasLeft ?? false,
  };
}

/** Whether only the columns of their own can differ; a copy that says the same counts as different. */
export function hasSameRest(before: Device, after: Device): boolean {
  return (
    before.version > 0 &&
    before.binding === after.binding &&
    before.lostAt === after.lostAt &&
    before.hasLeft === after.hasLeft &&
    before.resumeHash === after.resumeHash &&
    before.profile === after.profile &&
    before.takesSecond === after.takesSecond &&
    before.login === after.login
  );
}

/** Each result on a line of its own; replies are JSON, which escapes line breaks. */
function linesOf(results: readonly KeptResult[]): string {
  return results.map(({ seq, reply }) => `${seq} ${reply}`).join('\n');
}

/** A command adds one result and may push out the oldest: the other lines stay as they are. */
export function linesAfter({ device, lines }: KnownDevice, after: readonly KeptResult[]): string {
  const before = device.results;
  if (after === before) return lines;
  const kept = after.slice(0, -1);
  const gone = before.length - kept.length;
  const isNext = gone === 0 || gone === 1;
  if (!isNext || kept.some((result, i) => result !== before[i + gone])) return linesOf(after);
  const left = gone === 0 ? lines : withoutFirst(lines);
  const newest = linesOf(after.slice(-1));
  return left === '' ? newest : `${left}\n${newest}`;
}

function withoutFirst(lines: string): string {
  const end = lines.indexOf('\n');
  return end === -1 ? '' : lines.slice(end + 1);
}

function resultsOf(lines: string): readonly KeptResult[] {
  if (lines === '') return [];
  return lines.split('\n').map((line) => {
    const space = line.indexOf(' ');
    return { seq: Number(line.slice(0, space)), reply: line.slice(space + 1) };
  });
}

/** Names a device; the length keeps the two ids apart, whatever characters they hold. */
export function deviceKey({ user, device }: Actor): string {
  return `${user.length}:${user}${device}`;
}

/** What is kept of a device as one text, before it is one. */
export function restOf(device: Device): Rest {
  const { binding, lostAt, hasLeft, resumeHash, profile, takesSecond, login } = device;
  return { binding, lostAt, hasLeft, resumeHash, profile, takesSecond, login };
}
