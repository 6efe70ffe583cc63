import type { Assumptions } from './assumptions.ts';

/** A node reads who moved since its last round, this long after it (`PRESENCE_SWEEP_MS`). */
export const ROUND_SECONDS = 10;
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
  /** Of who moved, read by all nodes in rounds, by which they find what the bus lost. */
  readonly rowsForRounds: number;
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

/** Rows that one node reads a second in rounds: who moved anywhere, or all whom it watches where these are fewer. */
export function roundRowsPerSecond(moves: number, watched: number): number {
  return Math.min(moves, watched / ROUND_SECONDS);
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
  const moves = 2 * logins;
  const rowsForRounds = nodes * roundRowsPerSecond(moves, watchedPerNode);
  return {
    watchedPerNode,
    subjectsPerNode,
    subjects: nodes * subjectsPerNode,
    subscriptions,
    moves,
    rowsForMoves,
    rowsForLists,
    rowsForRounds,
    rows: rowsForMoves + rowsForLists + rowsForRounds,
    frames: 2 * logins * devicesPerUser * watchedPerDevice,
  };
}
