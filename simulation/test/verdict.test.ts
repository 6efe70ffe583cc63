import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { lasting } from '../src/verdict.ts';

test('who went a moment before the end may be believed there; who is believed there later on may not', async () => {
  const clock = new VirtualClock();
  const toldAt = clock.now() + 3_000;
  const look = () =>
    Promise.resolve([
      ...(clock.now() < toldAt ? ['alice1 believes that carol is online'] : []),
      'alice2 believes that carol is online',
    ]);
  expect(await lasting(clock, 35_000, look)).toEqual(['alice2 believes that carol is online']);
});
