/** Some of very many calls that are over, in the order of their records: none up to that position, and no more than the limit. */
export interface PastPortion {
  readonly after?: number | undefined;
  readonly limit: number;
}

/** What became of a portion. */
export interface PastDone {
  readonly count: number;
  /** After which position the next portion begins; null when nothing behind it is old enough. */
  readonly done: number | null;
  /** Nothing that was old enough is left from where the portion began up to this position. */
  readonly clearTo: number;
}

/**
 * What is not kept any more of calls that are over. It is written in the transactions that remove it, so
 * that what should be there and is not is still told from what has had its time.
 */
export interface Forgotten {
  /** Calls whose record has this position or an earlier one have the newest row of their log only; 0 for none. */
  readonly logsTo: number;
  /** The last record that was removed; none behind it ever was. 0 for none. */
  readonly callsTo: number;
  /** Calls that ended at this moment or later are there; epoch milliseconds, 0 when all are. */
  readonly callsBefore: number;
}

/** What is kept when nothing was ever removed. */
export const NOTHING_FORGOTTEN: Forgotten = { logsTo: 0, callsTo: 0, callsBefore: 0 };

/** A mark as tables keep it. */
export interface ForgottenRow {
  readonly what: 'logs' | 'calls';
  readonly position: number;
  readonly before: number;
}

/** What the marks say together. */
export function forgottenOf(rows: readonly ForgottenRow[]): Forgotten {
  const logs = rows.find(({ what }) => what === 'logs');
  const calls = rows.find(({ what }) => what === 'calls');
  return {
    logsTo: logs?.position ?? 0,
    callsTo: calls?.position ?? 0,
    callsBefore: calls?.before ?? 0,
  };
}

/** Removing what need not be kept of calls that are over, the oldest first; a part of the store. Each portion is one transaction. */
export interface PastCallStore {
  /**
   * Shortens the logs of calls that were over before an instant to their newest row, which holds the call; how
   * many, no more than the limit. Those that were shortened before are not looked at again.
   */
  shortenLogs(before: number, limit: number): Promise<number>;
  /**
   * Forgets calls that were over before an instant, each whole: the call, its log, its record and what was reported
   * of its quality; not those of which an event is still kept. Their records as messages are the inboxes' matter.
   */
  forgetCalls(before: number, portion: PastPortion): Promise<PastDone>;
}

/** Where a call stands among those that are over, and since when it is. */
export interface PastCall {
  readonly position: number;
  /**
   * When it ended, or was written as ended if that was later, epoch milliseconds. A deadline that passed while
   * every server was away ends a call in the past, and others that end just then may be stored in any order.
   */
  readonly overAt: number;
}

/** Of calls in the order of their records those before the first that is too young. */
export function pastOf<Row extends PastCall>(
  looked: readonly Row[],
  before: number,
): readonly Row[] {
  const young = looked.findIndex(({ overAt }) => overAt >= before);
  return young === -1 ? looked : looked.slice(0, young);
}

/** What a portion came to in which these were old enough, and some of them stay: a full one may not be the last. */
export function pastDone(
  past: readonly PastCall[],
  gone: readonly PastCall[],
  { after = 0, limit }: PastPortion,
): PastDone {
  const last = past.length === limit ? past.at(-1) : undefined;
  const stays = past.find((call, i) => gone[i] !== call);
  const clearTo = stays ? stays.position - 1 : (past.at(-1)?.position ?? after);
  return { count: gone.length, done: last?.position ?? null, clearTo };
}
