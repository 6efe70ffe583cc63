import { HEARTBEAT_MS } from '@ringline/protocol';
import type { Tally } from '../records/tally.ts';
import type { BlowName } from './blows.ts';
import { LASTING } from './blows.ts';
import type { Dealt, Recovery } from './recoveries.ts';
import type { Judgement } from './ringing.ts';
import { GOT_OVER_MS, unjudged } from './ringing.ts';
import type { Leftover, StoredCall } from './stored.ts';
import type { Belief, Farewell, Lag, Ring, Wait } from './watch.ts';
import { stalled } from './watch.ts';

/** A phone may ring so long past its deadline: the way of the last word. */
export const RING_TOLERANCE_MS = 1_000;
/** A phone whose user answered in time waits for the server's word so long: until it gives up, and until it is told. */
export const ANSWERING_MS = 30_000;
/** A phone with a server learns by its second heartbeat of what it has missed, and that takes its way. */
export const BELIEF_TOLERANCE_MS = 2 * HEARTBEAT_MS + 1_000;
/**
 * Once everything runs again, a device is without a server for no longer. An attempt that was under way may come to
 * nothing: a welcome is waited for 10 s. The pause after it is 16 s at most: no blow lasts longer than the five attempts
 * before that. And the next attempt may take its 10 s.
 */
export const BACK_WITHIN_MS = 36_000;
/** So many examples are told. */
const EXAMPLES = 3;

/** What phones and the store are asked about, beside what the tally counts. */
export interface Watched {
  readonly rings: readonly Ring[];
  readonly lags: readonly Lag[];
  readonly beliefs: readonly Belief[];
  /** Of calls that had to ring. */
  readonly judgements: readonly Judgement[];
  /** Of phones without a server. */
  readonly waits: readonly Wait[];
  readonly dealt: readonly Dealt[];
  readonly calls: readonly StoredCall[];
  /** When each call that could ring had to stop ringing. */
  readonly deadlines: ReadonlyMap<string, number>;
  /** Sentences of phones that believe in calls that are over. */
  readonly believers: readonly string[];
  readonly leftover: Leftover;
  /** When it was looked at. */
  readonly now: number;
}

/** What is wrong, each kind with some examples. */
export function flawsOf(watched: Watched): string[] {
  const { lines, openCalls, openInvitations } = watched.leftover;
  const unrung = watched.judgements.flatMap(({ call, rang, after = 'no blow' }) =>
    rang ? [] : [`${call} (after: ${after})`],
  );
  return [
    ...told(
      watched.rings.flatMap((ring) => ghostOf(ring, watched)),
      (some) => some,
    ),
    ...told(beliefsTooLong(watched), (some) => some),
    ...told(unrung, (some) => `${some} rang nowhere`),
    ...unjudged(watched.dealt, watched.judgements),
    ...told(stranded(watched), (some) => some),
    ...told(lateBack(watched), (some) => some),
    ...told(watched.believers, (some) => some),
    ...told(lines, (some) => `the lines of ${some} are not clear`),
    ...told(openCalls, (some) => `calls ${some} never ended`),
    ...told(openInvitations, (some) => `invitations ${some} never ended`),
  ];
}

function ghostOf(ring: Ring, { deadlines, lags, now }: Watched): readonly string[] {
  const deadline = deadlines.get(ring.call);
  if (deadline === undefined) return [`${ring.user} rang for ${ring.call}, which never rang`];
  const until = ring.until ?? now;
  const { answeredAt = Infinity } = ring;
  const due = answeredAt <= deadline ? Math.max(deadline, answeredAt + ANSWERING_MS) : deadline;
  const lateMs = until - due - stalled(lags, due, until);
  if (lateMs <= RING_TOLERANCE_MS) return [];
  return [`${ring.user} rang for ${ring.call} ${lateMs} ms past its deadline`];
}

/** Of phones that had a server all the while: others cannot be told. */
function beliefsTooLong({ beliefs, calls }: Watched): readonly string[] {
  const endedAt = new Map(calls.map((each) => [each.call, each.endedAt]));
  return beliefs.flatMap(({ user, call, since, at }) => {
    const lateMs = at - Math.max(since, endedAt.get(call) ?? Infinity);
    if (lateMs <= BELIEF_TOLERANCE_MS) return [];
    return [`${user} believed in ${call} for ${lateMs} ms after its end`];
  });
}

/** Who was without a server for too long during a blow that lasts: there were others. */
function stranded({ waits, dealt, now }: Watched): readonly string[] {
  const lasting = dealt.filter(({ what }) => LASTING.has(what));
  return lasting.flatMap((blow) =>
    waits.flatMap(({ user, from, until = now, isLost = false }) => {
      const awayMs = Math.min(until, blow.repaired) - Math.max(from, blow.from);
      if (isLost || awayMs <= GOT_OVER_MS) return [];
      return [`${user} had no server for ${awayMs} ms during: ${blow.what}`];
    }),
  );
}

/** Who was without a server for too long after all ran again, or without a blow, and what came of its attempts. */
function lateBack({ waits, dealt, lags, now }: Watched): readonly string[] {
  return waits.flatMap(({ user, from, until = now, isLost = false, attempts = [] }) => {
    const before = dealt.filter((blow) => blow.from <= until);
    const since = Math.max(from, ...before.map(({ repaired }) => repaired));
    const awayMs = until - since - stalled(lags, since, until);
    if (isLost || awayMs <= BACK_WITHIN_MS) return [];
    const after = before.at(-1)?.what ?? 'no blow';
    return [`${user} had no server for ${awayMs} ms after: ${after} (${attempts.join(', ')})`];
  });
}

/** How much was asked for. */
export interface Wanted {
  readonly calls: number;
  readonly blows: ReadonlyMap<BlowName, number>;
}

/** What a proof found, as far as it decides. */
export type Outcome = Pick<Tally, 'records' | 'lost' | 'doubled' | 'flaws'> & {
  readonly verdict: { readonly code: number | null };
  readonly recoveries: readonly Pick<Recovery, 'what' | 'times'>[];
};

/** Sentences of what was asked for and not done: what was not tried is not proved. */
export function lacksOf({ records, recoveries }: Outcome, wanted: Wanted): readonly string[] {
  const dealt = new Map(recoveries.map(({ what, times }) => [what, times]));
  const blows = [...wanted.blows].filter(([what, times]) => (dealt.get(what) ?? 0) < times);
  return [
    ...(records < wanted.calls ? [`${records} of ${wanted.calls} calls were made`] : []),
    ...(wanted.blows.size === 0 ? ['no blow was asked for'] : []),
    ...blows.map(([what, times]) => `${dealt.get(what) ?? 0} of ${times} times dealt: ${what}`),
  ];
}

/** Whether nothing is wrong, and as much was done as was asked for. */
export function isProved(found: Outcome, wanted: Wanted): boolean {
  const { lost, doubled, flaws, verdict } = found;
  const isWhole = flaws.length + lost + doubled === 0 && verdict.code === 0;
  return isWhole && lacksOf(found, wanted).length === 0;
}

/** How much later than the store phones learnt of ends, in milliseconds, of phones that were told at all. */
export function lateFarewells(
  farewells: readonly Farewell[],
  calls: readonly StoredCall[],
): readonly number[] {
  const endedAt = new Map(calls.map((each) => [each.call, each.endedAt]));
  return farewells.flatMap(({ call, at }) => {
    const ended = endedAt.get(call);
    return ended === undefined ? [] : [Math.max(0, at - ended)];
  });
}

function told(all: readonly string[], sentence: (some: string) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length > EXAMPLES ? ` and ${all.length - EXAMPLES} more` : '';
  return [`${sentence(all.slice(0, EXAMPLES).join(', '))}${more}`];
}
