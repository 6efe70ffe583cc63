import { expect, test } from 'vitest';
import { parseStat, treeOf } from '../src/cluster/process-tree.ts';
import { urlFor } from '../src/course.ts';
import { versionIn } from '../src/pair.ts';

test('a process is read from /proc whatever its name holds, with the time of children that are over', () => {
  const stat = '42 (a) (b 7) S 7 42 42 0 -1 4194560 100 200 0 0 5 6 7 8 20 0 1 0 100';
  expect(parseStat(42, stat)).toEqual({ pid: 42, parent: 7, cpuMicros: 260_000 });
});

test('a tree is a process with all below it, and nothing beside it', () => {
  const lines = [
    { pid: 1, parent: 0 },
    { pid: 2, parent: 1 },
    { pid: 3, parent: 2 },
    { pid: 4, parent: 1 },
  ];
  expect(treeOf(2, lines).map(({ pid }) => pid)).toEqual([2, 3]);
  expect(treeOf(9, lines)).toEqual([]);
});

test('with two nodes every pair crosses, and both nodes have callers', () => {
  const course = { urls: ['a', 'b'] };
  const sides = [0, 1].map((pair) => [
    urlFor(course, 'caller', pair),
    urlFor(course, 'callee', pair),
  ]);
  expect(sides).toEqual([
    ['a', 'b'],
    ['b', 'a'],
  ]);
});

test('the version of a call is found in what a device is told of it, and in nothing else', () => {
  const id = 'c1-1-'.padEnd(22, 'x');
  const frame = `{"type":"call","at":1795967030320,"call":{"id":"${id}","version":6,"state":"ended"}}`;
  expect(versionIn(Buffer.from(frame))).toBe(6);
  expect(versionIn(Buffer.from('{"type":"done","re":8}'))).toBeUndefined();
});
