import { expect, test } from 'vitest';
import { offsetWithin } from '../src/call/dragging.ts';

const frame = { left: 0, top: 0, right: 390, bottom: 844 };
const box = { left: 80, top: 12, right: 380, bottom: 222 };

test.each([
  ['as far as it is moved', { x: -30, y: 300 }, { x: -30, y: 300 }],
  ['not over the right edge', { x: 25, y: 0 }, { x: 10, y: 0 }],
  ['not over the left edge', { x: -90, y: 0 }, { x: -80, y: 0 }],
  ['not over the top', { x: 0, y: -40 }, { x: 0, y: -12 }],
  ['not under the bottom', { x: 0, y: 900 }, { x: 0, y: 622 }],
])('a small call goes %s', (_, wanted, expected) => {
  expect(offsetWithin(frame, box, wanted)).toEqual(expected);
});
