import type { BlowName } from './blows.ts';
import type { StoredCall } from './stored.ts';
import type { Wait } from './watch.ts';

/** A blow that was dealt, in epoch milliseconds. */
export interface Dealt {
  readonly what: BlowName;
  readonly from: number;
  /** When everything ran again. */
  readonly repaired: number;
  /** The next one waited until calls could be judged. */
  readonly isJudged: boolean;
}

/** Median and longest, in milliseconds; absent where nothing was measured. */
export interface Times {
  readonly median: number;
  readonly longest: number;
}

/** How long things took after blows of one kind, all counted from the blow. */
export interface Recovery {
  readonly what: BlowName;
  readonly times: number;
  /** Until everything ran again: most of it is how long the proof left it away. */
  readonly repaired: Times | undefined;
  /** Until the first call that was made after the blow had connected. */
  readonly firstCall: Times | undefined;
  /** How many devices lost their connection, and how long each was without one. */
  readonly dropped: number;
  readonly back: Times | undefined;
  /** How many calls had to ring until the next blow. */
  readonly judged: number;
}

/** What came of each kind of blow, in the order in which they came first. */
export function recoveriesOf(
  dealt: readonly Dealt[],
  calls: readonly StoredCall[],
  drops: readonly Wait[],
  judgedAfter: readonly (BlowName | undefined)[],
): readonly Recovery[] {
  return [...new Set(dealt.map(({ what }) => what))].map((what) => {
    const own = dealt.flatMap((each, i) =>
      each.what === what ? [{ ...each, next: dealt[i + 1]?.from ?? Infinity }] : [],
    );
    const away = own.flatMap(({ from, next }) =>
      drops.filter((drop) => drop.from >= from && drop.from < next),
    );
    return {
      what,
      times: own.length,
      repaired: timesOf(own.map(({ from, repaired }) => repaired - from)),
      firstCall: timesOf(own.flatMap(({ from }) => firstCallAfter(from, calls))),
      dropped: away.length,
      back: timesOf(away.flatMap(({ from, until }) => (until === undefined ? [] : [until - from]))),
      judged: judgedAfter.filter((after) => after === what).length,
    };
  });
}

export function timesOf(all: readonly number[]): Times | undefined {
  const sorted = all.toSorted((a, b) => a - b);
  const [median, longest] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return median === undefined || longest === undefined ? undefined : { median, longest };
}

const HEAD = [
  'what',
  'times',
  'repaired after',
  'first call through',
  'dropped',
  'back after',
  'had to ring',
];

/** The rows of a table, as text. */
export function tableOf(recoveries: readonly Recovery[]): string {
  const rows = recoveries.map(({ what, times, repaired, firstCall, dropped, back, judged }) => [
    what,
    String(times),
    spanOf(repaired),
    spanOf(firstCall),
    String(dropped),
    spanOf(back),
    String(judged),
  ]);
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** As in `0.41 s (longest 2.30 s)`. */
export function spanOf(times: Times | undefined): string {
  if (!times) return '–';
  const [median, longest] = [times.median, times.longest].map((ms) => (ms / 1000).toFixed(2));
  return `${median} s (longest ${longest} s)`;
}

function firstCallAfter(from: number, calls: readonly StoredCall[]): number[] {
  const connected = calls.flatMap(({ invitedAt, connectedAt }) =>
    invitedAt >= from && connectedAt !== null ? [connectedAt - from] : [],
  );
  return connected.length > 0 ? [Math.min(...connected)] : [];
}
