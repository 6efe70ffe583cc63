import { isDeepStrictEqual } from 'node:util';
import { eventsBetween } from '@ringline/call';
import type { EventType } from '@ringline/protocol';
import type { AuditedCall, AuditedEvent } from '../store/audit.ts';
import type { LogRow } from '../store/store.ts';
import { differences } from './differences.ts';

/** What happened to a call by its log. */
interface Happened {
  readonly type: EventType;
  readonly at: number;
  readonly data: object;
}

/**
 * The events that are kept of a call are of what happened to it, in that order, and say what its log
 * says, unless that was shortened. Not all are kept that happened: endpoints choose, and old ones are
 * forgotten one by one.
 */
export function flawsOfCallEvents(
  { log, events, isOpen }: AuditedCall,
  isShort: boolean,
): readonly string[] {
  if (events.length === 0) return [];
  const flaws = flawsOfNumbers(events, isOpen);
  return isShort ? flaws : [...flaws, ...flawsOfData(events, happenedBy(log))];
}

function flawsOfNumbers(events: readonly AuditedEvent[], isOpen: boolean): readonly string[] {
  const numbers = events.map(({ sequence }) => sequence);
  const rise = numbers.every((number, i) => number > (numbers[i - 1] ?? 0));
  // Nothing is forgotten while the call is open.
  const isWhole = !isOpen || numbers.at(-1) === numbers.length;
  return rise && isWhole ? [] : [`its events are numbered ${numbers.join(', ')}`];
}

function happenedBy(log: readonly LogRow[]): readonly Happened[] {
  return log.flatMap(({ at, after }, i) =>
    eventsBetween(log[i - 1]?.after, after).map((event) => ({ ...event, at })),
  );
}

function flawsOfData(
  events: readonly AuditedEvent[],
  happened: readonly Happened[],
): readonly string[] {
  const flaws: string[] = [];
  let next = 0;
  for (const event of events) {
    const place = placeOf(event, happened, next);
    const found = happened[place];
    if (found === undefined) {
      flaws.push(`its event ${event.sequence}, ${event.type} at ${event.at}, is not in its log`);
      continue;
    }
    next = place + 1;
    const told = { ...found.data, sequence: event.sequence };
    flaws.push(...differences(`its event ${event.sequence}`, event.data, 'its log', told));
  }
  return flaws;
}

/** Where an event stands among what happened: the very same, else one of the same step and kind; -1 for nowhere. */
function placeOf(event: AuditedEvent, happened: readonly Happened[], from: number): number {
  const { sequence: _, ...data } = { sequence: 0, ...event.data };
  const alike = happened.map(
    ({ type, at }, i) => i >= from && type === event.type && at === event.at,
  );
  const same = happened.findIndex((each, i) => alike[i] && isDeepStrictEqual(each.data, data));
  return same === -1 ? alike.indexOf(true) : same;
}
