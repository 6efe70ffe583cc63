import { expect, test } from 'vitest';
import { PAIRS, Town } from './support/town.ts';

/** Each node stops as a process does that is asked to, and starts again; one after the other. */
async function restartAll({ clock, cluster }: Town): Promise<void> {
  for (const index of cluster.indexes) {
    await clock.untilSettled(cluster.stop(index));
    await clock.untilSettled(cluster.start(index));
    await clock.advanceAsync(1_000);
  }
}

test.each(['1', '2', '3'])(
  '[GTW26] nobody notices that all nodes are started anew, one after the other: seed %s',
  async (seed) => {
    const town = new Town(seed);
    await town.start();
    const before = town.calls.map(({ state }) => state);
    await restartAll(town);
    expect(town.noticed).toEqual([]);
    expect(town.rang).toBe(PAIRS);
    expect(before).toEqual([...Array.from({ length: PAIRS - 1 }, () => 'established'), 'ringing']);
    expect(town.calls.map(({ state }) => state)).toEqual(before);
    for (const { id } of town.calls) {
      const causes = (await town.clock.untilSettled(town.cluster.store.log(id))).map(
        ({ cause }) => cause.type,
      );
      expect(causes).not.toContain('lose');
    }
    expect(town.cluster.log.errors).toEqual([]);
  },
);
