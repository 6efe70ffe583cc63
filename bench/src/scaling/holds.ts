import { MAX_WATCHED_USERS } from '@ringline/protocol';
import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { capacityOf } from './model.ts';
import type { Capacity } from './model.ts';

const GIGABYTE = 1e9;
/** Beyond a hundred million users nothing here means anything. */
const MOST_THOUSANDS = 100_000;

/** What cannot be spread over more machines and is larger than one is willing to run, by name; none: it holds. */
export function exceeded(given: Assumptions, { bus, database }: Capacity): readonly string[] {
  const { most, memoryShare, busyShare } = given;
  const found: string[] = [];
  if (bus.bytesPerServer > most.natsGigabytes * GIGABYTE * memoryShare) {
    found.push('memory of NATS');
  }
  if (database.cores > most.databaseCores * busyShare) found.push('cores of PostgreSQL');
  if (database.connections > most.databaseConnections) found.push('connections to PostgreSQL');
  return found;
}

/** The most users that each device may watch before something is exceeded; undefined when it is without watching. */
export function mostWatched(given: Assumptions, measured: Measured): number | undefined {
  return greatest(0, MAX_WATCHED_USERS, (watchedPerDevice) =>
    holds({ ...given, watchedPerDevice }, measured),
  );
}

/** The most users online, in thousands that behave alike, before something is exceeded. */
export function mostThousands(given: Assumptions, measured: Measured): number | undefined {
  return greatest(1, MOST_THOUSANDS, (thousands) =>
    holds(ofSize(given, thousands * 1_000), measured),
  );
}

/** So many users, who behave as those of the assumptions do. */
export function ofSize(given: Assumptions, usersOnline: number): Assumptions {
  const newCallsPerSecond = (given.newCallsPerSecond * usersOnline) / given.usersOnline;
  return { ...given, usersOnline, newCallsPerSecond };
}

function holds(given: Assumptions, measured: Measured): boolean {
  return exceeded(given, capacityOf(given, measured)).length === 0;
}

/** By halving: what holds at one number holds at each below it. */
function greatest(
  from: number,
  upTo: number,
  isGood: (number: number) => boolean,
): number | undefined {
  if (!isGood(from)) return undefined;
  let [good, tried] = [from, upTo];
  while (good < tried) {
    const middle = Math.ceil((good + tried) / 2);
    if (isGood(middle)) good = middle;
    else tried = middle - 1;
  }
  return good;
}
