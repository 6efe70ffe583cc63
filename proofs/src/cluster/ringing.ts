import type { BlowName } from './blows.ts';
import { LASTING } from './blows.ts';
import type { Dealt } from './recoveries.ts';
import type { StoredCall } from './stored.ts';
import type { Lag, Presence, Ring } from './watch.ts';
import { stalled } from './watch.ts';

/** After a blow was repaired, its traces last so long: a node tries to reach NATS every two seconds, and that takes its way. */
export const AFTERMATH_MS = 3_000;
/** A blow that comes later than this after a call excuses nothing: its phone had to ring before. */
export const RINGS_WITHIN_MS = 3_000;
/** A phone rings within this of its call's time, the shortest of which is a second, where this process comes to something. */
export const RING_NEEDS_MS = 900;
/** A phone has its server for so long before it has to ring: its connection is known to all nodes. */
export const SETTLED_MS = 1_000;
/**
 * A blow that lasts is got over after so long, and excuses nothing from then on: the lease of a node ends after ten
 * seconds, and by then the pauses of a device that it turned away are eight at most.
 */
export const GOT_OVER_MS = 20_000;

/** A call that had to ring somewhere, and whether it did. */
export interface Judgement {
  readonly call: string;
  readonly rang: boolean;
  /** The last blow before it. */
  readonly after: BlowName | undefined;
}

/** What tells of phones that ring. */
export interface Heard {
  readonly calls: readonly StoredCall[];
  readonly rings: readonly Ring[];
  readonly presences: readonly Presence[];
  readonly dealt: readonly Dealt[];
  readonly lags: readonly Lag[];
}

/** A while in which silence is excused. */
interface Upset {
  readonly what: BlowName;
  readonly from: number;
  readonly until: number;
}

/**
 * Judges each call of which a phone of its callee had to ring: it had its server, and nothing was broken, nor had been
 * just before. Of calls that rang nowhere only those that nobody answered are judged: whom the caller left, or a busy
 * line, need not ring; nor those that were over as soon as the phones, which are in this process, came to them.
 */
export function judgementsOf({
  calls,
  rings,
  presences,
  dealt,
  lags,
}: Heard): readonly Judgement[] {
  const rang = new Set(rings.map(({ call }) => call));
  const phones = Map.groupBy(presences, ({ user }) => user);
  const upsets = dealt.flatMap(upsetsOf);
  return calls.flatMap((each) => {
    const { call, callee, reason, invitedAt, endedAt } = each;
    if (!rang.has(call) && !UNHEARD.has(reason)) return [];
    const due = Math.min(endedAt, invitedAt + RINGS_WITHIN_MS);
    const leftMs = due - invitedAt - stalled(lags, invitedAt, due);
    if (!rang.has(call) && leftMs < RING_NEEDS_MS) return [];
    const isThere = ({ from, until = Infinity }: Presence) =>
      from + SETTLED_MS < invitedAt && until > due;
    const isOver = ({ from, until }: Upset) => due < from || invitedAt > until + AFTERMATH_MS;
    if (!phones.get(callee)?.some(isThere) || !upsets.every(isOver)) return [];
    const after = upsets.findLast(({ until }) => until < invitedAt)?.what;
    return [{ call, rang: rang.has(call), after }];
  });
}

/** How a call ends that rings nowhere. */
const UNHEARD: ReadonlySet<string> = new Set(['no-answer', 'offline']);

/** A blow that lasts upsets twice: when it comes, and when it is repaired. */
function upsetsOf({ what, from, repaired }: Dealt): readonly Upset[] {
  if (!LASTING.has(what)) return [{ what, from, until: repaired }];
  return [
    { what, from, until: Math.min(repaired, from + GOT_OVER_MS - AFTERMATH_MS) },
    { what, from: repaired, until: repaired },
  ];
}

/** Sentences of blows after which calls were to be judged, and none was: then nobody knows. */
export function unjudged(
  dealt: readonly Dealt[],
  judgements: readonly Judgement[],
): readonly string[] {
  const seen = new Set(judgements.map(({ after }) => after));
  const due = new Set(dealt.flatMap(({ what, isJudged }) => (isJudged ? [what] : [])));
  const flaws = [...due].filter((what) => !seen.has(what));
  return [
    ...(judgements.length === 0 ? ['no call had to ring'] : []),
    ...flaws.map((what) => `no call had to ring after: ${what}`),
  ];
}
