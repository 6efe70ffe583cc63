const DAY_MS = 86_400_000;
/** Versions of one day: a device that does something a thousand times a second has its row for two years. */
const VERSIONS_OF_A_DAY = 2 ** 36;

/**
 * The version of a device after this one; after 0, of a device without a row, the first of the day. So a row that takes
 * the place of a forgotten one, which was made on a day before, has none of its versions: what anybody remembers of a
 * version is right for ever.
 */
export function deviceVersionAfter(version: number, now: number): number {
  if (version > 0) return version + 1;
  const day = Math.floor(now / DAY_MS) + 1;
  return day * VERSIONS_OF_A_DAY;
}

/** The version of a device before this one; 0 when it had no row. */
export function deviceVersionBefore(version: number): number {
  return version % VERSIONS_OF_A_DAY === 0 ? 0 : version - 1;
}
