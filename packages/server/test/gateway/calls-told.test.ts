import type { CallView } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CallsTold } from '../../src/gateway/calls-told.ts';

const EARLIER = 1_000;
const LATER = 2_000;

function view(version: number, state: 'inviting' | 'ended' = 'inviting'): CallView {
  const peer = { user: 'alice', name: 'Alice' };
  const ofAny = { id: 'call', version, direction: 'incoming', peer, media: 'audio' } as const;
  return state === 'ended'
    ? { ...ofAny, state, reason: 'cancelled', durationSeconds: 0 }
    : { ...ofAny, state, remainingMs: 9 };
}

test('[GTW20] what is older than what was told of the same call is told no more', () => {
  const told = new CallsTold();
  expect(told.note(view(3), EARLIER)).toBe(true);
  expect(told.note(view(2), EARLIER)).toBe(false);
  expect(told.note(view(5, 'ended'), EARLIER)).toBe(true);
  expect(told.note(view(4), EARLIER)).toBe(false);
  expect(told.anyOpen).toBe(false);
});

test('[GTW20] the end of a forgotten call is not held against another of its id, nor the other way round', () => {
  const told = new CallsTold();
  told.note(view(5, 'ended'), EARLIER);
  expect(told.note(view(1), LATER)).toBe(true);
  expect(told.versions).toEqual([{ id: 'call', version: 1 }]);
  expect(told.note(view(5, 'ended'), EARLIER)).toBe(false);
  expect(told.isOpen('call')).toBe(true);
});
