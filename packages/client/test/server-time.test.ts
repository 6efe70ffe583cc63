import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { ServerTime } from '../src/signalling/server-time.ts';
import { ringing } from './support/views.ts';

const RING_MS = 8_000;

/** How long a call rings here that the server sent `sentMs` after it was asked, whose answer took so long to come. */
function ringsFor(answerMs: number, sentMs: number): number {
  const clock = new VirtualClock();
  const time = new ServerTime(clock);
  const askedAt = clock.now();
  clock.advance(answerMs);
  time.answered(askedAt, askedAt);
  const view = time.fresh(ringing({ remainingMs: RING_MS }), askedAt + sentMs);
  return 'remainingMs' in view ? view.remainingMs : 0;
}

test('[CON9] a call that came with the slow first answer of a server rings no longer than that says', () => {
  expect(ringsFor(3_000, 0)).toBe(RING_MS - 3_000);
  expect(ringsFor(3_000, 200)).toBe(RING_MS - 2_800);
});
