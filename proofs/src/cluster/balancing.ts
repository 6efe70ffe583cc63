import type { SeededRandomness } from '@ringline/testkit';

/**
 * The target of a new connection, as Caddy's `least_conn` has it, which is what deploy/caddy ships: of those that are
 * ready one with the fewest connections, any of several. Any at all where none says that it is ready.
 */
export function leastConnected<Target extends { readonly name: string; readonly isReady: boolean }>(
  targets: readonly Target[],
  connections: readonly string[],
  randomness: SeededRandomness,
): Target {
  const ready = targets.filter(({ isReady }) => isReady);
  if (ready.length === 0) return randomness.pick(targets);
  const counts = ready.map(({ name }) => connections.filter((each) => each === name).length);
  const fewest = Math.min(...counts);
  return randomness.pick(ready.filter((_, i) => counts[i] === fewest));
}
