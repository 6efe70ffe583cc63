import { SeededRandomness } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { leastConnected } from '../src/cluster/balancing.ts';

const node = (name: string, isReady = true) => ({ name, isReady });
const [A, B, C] = [node('a'), node('b'), node('c')];

/** Which nodes may be chosen: with one seed or another each of them is. */
function chosen(nodes: readonly { name: string; isReady: boolean }[], connections: string[]) {
  const names = Array.from({ length: 50 }, (_, i) => {
    const randomness = new SeededRandomness(`balancing ${i}`);
    return leastConnected(nodes, connections, randomness).name;
  });
  return [...new Set(names)].toSorted();
}

test('a connection goes where the fewest are, to any of several', () => {
  expect(chosen([A, B, C], [])).toEqual(['a', 'b', 'c']);
  expect(chosen([A, B, C], ['a', 'a', 'b', 'c'])).toEqual(['b', 'c']);
  expect(chosen([A, B, C], ['a', 'a', 'b', 'b', 'c'])).toEqual(['c']);
});

test('a node that is not ready gets none, however few it has', () => {
  expect(chosen([A, node('b', false), C], ['a', 'c', 'c'])).toEqual(['a']);
});

test('where none says that it is ready, any is tried', () => {
  expect(chosen([node('a', false), node('b', false)], ['a'])).toEqual(['a', 'b']);
});

test('connections to nodes that are gone do not count', () => {
  expect(chosen([A, B], ['old', 'old', 'a'])).toEqual(['b']);
});
