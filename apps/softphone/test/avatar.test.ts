import { expect, test } from 'vitest';
import { initialOf } from '../src/ui/avatar.ts';

test.each([
  ['<b>', 'B'],
  ['  alice', 'A'],
  ['“7 of 9”', '7'],
  ['王小明', '王'],
  ['!?', '?'],
])('the mark of %s is %s', (name, initial) => {
  expect(initialOf(name)).toBe(initial);
});
