import { expect, test } from 'vitest';
import { BLOWS } from '../src/cluster/blows.ts';
import { BREAKS } from '../src/cluster/estate.ts';
import { CALLS, ROUNDS, TROUPES, optionsOf } from '../src/cluster/options.ts';

test('without any variable it is the whole proof, with three hundred users and more', () => {
  expect(optionsOf({})).toEqual({
    calls: 3_000,
    troupes: 59,
    rounds: 3,
    seed: 'cluster',
    blows: BLOWS,
    breaks: undefined,
  });
});

test.each(BLOWS)('BLOW may be “%s”: that one and no other', (blow) => {
  expect(optionsOf({ BLOW: blow }).blows).toEqual([blow]);
});

test.each(BREAKS)('BREAK may be “%s”', (name) => {
  expect(optionsOf({ BREAK: name }).breaks).toBe(name);
});

test.each([
  ['BLOW', 'nats', BLOWS],
  ['BLOW', 'a node', BLOWS],
  ['BLOW', '', BLOWS],
  ['BREAK', 'Bus', BREAKS],
])('%s “%s” is refused, with all that it may be', (variable, text, names) => {
  expect(() => optionsOf({ [variable]: text })).toThrow(
    [`${variable} is “${text}”; it may be one of:`, ...names].join('\n'),
  );
});

const NUMBERS = [
  ['CALLS', 'calls', CALLS],
  ['TROUPES', 'troupes', TROUPES],
  ['ROUNDS', 'rounds', ROUNDS],
] as const;

test.each(NUMBERS)('%s may be anything within its limits', (variable, name, { min, max }) => {
  for (const number of [min, max]) {
    expect(optionsOf({ [variable]: `${number}` })[name]).toBe(number);
  }
});

test.each(NUMBERS)(
  '%s is refused beyond its limits, and where it is no number',
  (variable, _, { min, max }) => {
    for (const text of [`${min - 1}`, `${max + 1}`, '', 'many', '2.5', '-1', '1e1', ' 3', 'NaN']) {
      const why = `${variable} is “${text}”; it is a whole number from ${min} to ${max}.`;
      expect(() => optionsOf({ [variable]: text })).toThrow(why);
    }
  },
);
