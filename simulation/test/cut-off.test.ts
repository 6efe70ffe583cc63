import { expect, test } from 'vitest';
import { PAIRS, Town } from './support/town.ts';

/** Longer than any lease and grace. */
const AWAY_MS = 120_000;

test.each(['1', '2', '3'])(
  '[REG17] when one of three nodes loses the store, its devices go to the others, and all talk on: seed %s',
  async (seed) => {
    const town = new Town(seed);
    await town.start();
    const before = town.calls.map(({ state }) => state);
    town.cluster.loseStore(0, AWAY_MS);
    await town.clock.advanceAsync(40_000);
    const states = town.devices.map(({ client }) => client?.connectionState);
    expect(states).toEqual(town.devices.map(() => 'connected'));
    expect(town.cluster.socketsOf(0)).toBe(0);
    expect(town.calls.map(({ state }) => state)).toEqual(before);
    expect(town.noticed.filter((each) => / (?:is|ended)\b/.test(each))).toEqual([]);
    expect(town.rang).toBe(PAIRS);
  },
);

test.each(['1', '2', '3'])(
  '[REG17] when all lose it, every device stays where it is, and nobody notices: seed %s',
  async (seed) => {
    const town = new Town(seed);
    const socketsOf = () => town.cluster.indexes.map((index) => town.cluster.socketsOf(index));
    await town.start();
    const before = socketsOf();
    for (const index of town.cluster.indexes) town.cluster.loseStore(index, AWAY_MS);
    await town.clock.advanceAsync(AWAY_MS - 1_000);
    expect(socketsOf()).toEqual(before);
    await town.clock.advanceAsync(AWAY_MS);
    expect(socketsOf().reduce((sum, each) => sum + each)).toBe(town.devices.length);
    // The last pair’s phone has rung for as long as it may.
    const rangOut = ['callee', 'caller'].map((role) => `the call of ${role}${PAIRS - 1}-1 ended`);
    expect(town.noticed.toSorted((one, other) => (one < other ? -1 : 1))).toEqual(rangOut);
  },
);
