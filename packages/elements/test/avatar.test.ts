import { expect, test } from 'vitest';
import { initialsOf } from '../src/ui/avatar.ts';

test.each([
  ['<b>', 'B'],
  ['  alice', 'A'],
  ['Alice Miller', 'AM'],
  ['dr. bob van dyke', 'DD'],
  ['“7 of 9”', '79'],
  ['王小明', '王'],
  ['小明 王', '小'],
  ['!?', '?'],
])('the mark of %s is %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
