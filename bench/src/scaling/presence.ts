import type { Assumptions } from './assumptions.ts';

/** A node reads again where its watched users stand, this long after it has done so (`PRESENCE_SWEEP_MS`), … */
export const SWEEP_REST_SECONDS = 30;
/** … so many at a time (`PRESENCE_PAGE`), … */
export const SWEEP_PAGE = 500;
/** … with a pause after each page (`PAGE_PAUSE_MS`). */
export const SWEEP_PAUSE_SECONDS = 0.05;
/** A user who was lost is looked at once more when it has been gone for `PRESENCE_SETTLE_MS`. */
export const LOOKS_PER_LOSS = 2;

/** What watching comes to over so many nodes. Rates are per second. */
export interface Presence {
  readonly watchedPerNode: number;
  /** Of own users, and of watched ones. */
  readonly subjectsPerNode: number;
  readonly subjects: number;
  /** Subjects that nodes begin or cease to listen to. */
  readonly subscriptions: number;
  readonly moves: number;
  /** Moves as nodes hear or say them: a node that watches the user looks at each. */
  readonly rowsForMoves: number;
  /** Lists of devices that log in. */
  readonly rowsForLists: number;
  readonly rowsForSweep: number;
  readonly rows: number;
  /** To devices, of users who came or went. */
  readonly frames: number;
}

/** Logins a second; there are as many losses. */
export function loginsOf({ usersOnline, devicesPerUser, sessionSeconds }: Assumptions): number {
  return (usersOnline * devicesPerUser) / sessionSeconds;
}

/** Users with devices at one of so many places among which they are spread at random. */
export function usersAtOneOf(places: number, given: Assumptions): number {
  const second = given.devicesPerUser - 1;
  const ofTwo = 1 - (1 - 1 / places) ** 2;
  return given.usersOnline * ((1 - second) / places + second * ofTwo);
}

/** Users whom somebody at one of so many places watches. */
export function watchedAtOneOf(places: number, given: Assumptions): number {
  const { usersOnline, devicesPerUser, watchedPerDevice } = given;
  const drawn = (usersOnline * devicesPerUser * watchedPerDevice) / places;
  return usersOnline * (1 - Math.exp(-drawn / usersOnline));
}

/** Rows that one node reads a second, since it looks again at all whom it watches. */
export function sweepRowsPerSecond(watched: number): number {
  if (watched === 0) return 0;
  return watched / (SWEEP_REST_SECONDS + (watched / SWEEP_PAGE) * SWEEP_PAUSE_SECONDS);
}

/** What watching comes to when the devices are spread over so many nodes. */
export function presenceOver(nodes: number, given: Assumptions): Presence {
  const { usersOnline, devicesPerUser, watchedPerDevice } = given;
  const logins = loginsOf(given);
  const watchedPerNode = watchedAtOneOf(nodes, given);
  const isWatched = watchedPerNode / usersOnline;
  const subjectsPerNode = watchedPerNode + usersAtOneOf(nodes, given);
  // A login listens to its user, and to whom nobody at its node watched before; its end is the reverse.
  const subscriptions = 2 * logins * (1 + watchedPerDevice * (1 - isWatched));
  const rowsForMoves = logins * (1 + LOOKS_PER_LOSS) * nodes * isWatched;
  const rowsForLists = logins * watchedPerDevice;
  const rowsForSweep = nodes * sweepRowsPerSecond(watchedPerNode);
  return {
    watchedPerNode,
    subjectsPerNode,
    subjects: nodes * subjectsPerNode,
    subscriptions,
    moves: 2 * logins,
    rowsForMoves,
    rowsForLists,
    rowsForSweep,
    rows: rowsForMoves + rowsForLists + rowsForSweep,
    frames: 2 * logins * devicesPerUser * watchedPerDevice,
  };
}
