import { HEARTBEAT_MS } from '@ringline/protocol';
import type { Tally } from '../records/tally.ts';
import type { Belief, Farewell, Lag, Presence, Ring } from './watch.ts';

/** A phone may ring so long past its deadline: the way of the last word. */
export const RING_TOLERANCE_MS = 1_000;
/** A phone whose user answered in time waits for the server's word so long: until it gives up, and until it is told. */
export const ANSWERING_MS = 30_000;
/** A phone with a server learns by its second heartbeat of what it has missed, and that takes its way. */
export const BELIEF_TOLERANCE_MS = 2 * HEARTBEAT_MS + 1_000;
/** After a blow was repaired, its traces last so long: nodes find the bus again, and each other. */
export const AFTERMATH_MS = 5_000;
/** A phone has its server for so long before it has to ring: its connection is known to all nodes. */
export const SETTLED_MS = 1_000;
/** So many examples are told. */
const EXAMPLES = 3;

/** A call as the store has it, in epoch milliseconds. */
export interface StoredCall {
  readonly call: string;
  readonly callee: string;
  readonly reason: string;
  readonly invitedAt: number;
  readonly connectedAt: number | null;
  readonly endedAt: number;
}

/** What the store has left over when all is over. */
export interface Leftover {
  /** Users whose lines are taken. */
  readonly lines: readonly string[];
  readonly openCalls: readonly string[];
  readonly openInvitations: readonly string[];
}

/** What phones and the store are asked about, beside what the tally counts. */
export interface Watched {
  readonly rings: readonly Ring[];
  readonly lags: readonly Lag[];
  readonly beliefs: readonly Belief[];
  readonly presences: readonly Presence[];
  /** When something was broken. */
  readonly blows: readonly Lag[];
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
  return [
    ...told(
      watched.rings.flatMap((ring) => ghostOf(ring, watched)),
      (some) => some,
    ),
    ...told(beliefsTooLong(watched), (some) => some),
    ...told(unrung(watched), (some) => `${some} rang nowhere`),
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

/** Calls that nobody answered because nothing rang, where a phone of the callee had a server and nothing was broken. */
function unrung({ calls, rings, presences, blows }: Watched): readonly string[] {
  const rang = new Set(rings.map(({ call }) => call));
  const isQuiet = ({ invitedAt, endedAt }: StoredCall) =>
    blows.every(({ from, until }) => endedAt < from || invitedAt > until + AFTERMATH_MS);
  const isThere = ({ callee, invitedAt, endedAt }: StoredCall) =>
    presences.some(
      ({ user, from, until = Infinity }) =>
        user === callee && from + SETTLED_MS < invitedAt && until > endedAt,
    );
  return calls.flatMap((each) => {
    const isUnheard = UNHEARD.has(each.reason) && !rang.has(each.call);
    return isUnheard && isThere(each) && isQuiet(each) ? [each.call] : [];
  });
}

/** How a call ends that rings nowhere. */
const UNHEARD: ReadonlySet<string> = new Set(['no-answer', 'offline']);

/** Whether nothing is wrong, and as much was made as was asked for. */
export function isProved(
  found: Pick<Tally, 'records' | 'lost' | 'doubled' | 'flaws'> & {
    readonly verdict: { readonly code: number | null };
  },
  calls: number,
): boolean {
  const { records, lost, doubled, flaws, verdict } = found;
  return flaws.length + lost + doubled === 0 && records >= calls && verdict.code === 0;
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

/** How long this process came to nothing within that time. */
function stalled(lags: readonly Lag[], from: number, until: number): number {
  return lags.reduce(
    (sum, lag) => sum + Math.max(0, Math.min(lag.until, until) - Math.max(lag.from, from)),
    0,
  );
}

function told(all: readonly string[], sentence: (some: string) => string): string[] {
  if (all.length === 0) return [];
  const more = all.length > EXAMPLES ? ` and ${all.length - EXAMPLES} more` : '';
  return [`${sentence(all.slice(0, EXAMPLES).join(', '))}${more}`];
}
