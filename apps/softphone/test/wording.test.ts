import type { LegView } from '@ringline/client';
import { END_REASONS, LEG_END_REASONS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { endedText, outgoingText } from '../src/call/wording.ts';
import { en } from '../src/text/en.ts';
import { languageFor } from '../src/text/text.ts';
import { formatDuration } from '../src/ui/format.ts';

function legs(...states: LegView['state'][]): LegView[] {
  return states.map((state, i) => ({ device: `bob${i}`, state, epoch: i + 1 }));
}

test.each([
  ['inviting', legs(), 'Calling …'],
  ['inviting', legs('delivered'), 'Calling …'],
  ['ringing', legs('alerting'), 'Ringing on 1 device'],
  ['ringing', legs('alerting', 'alerting'), 'Ringing on 2 devices'],
  [
    'ringing',
    legs('alerting', 'silent', 'refused', 'lost'),
    'Ringing on 1 device · shown without sound on 1 device · refused on 1 device',
  ],
  ['inviting', legs('unresponsive'), 'Calling … · no answer from 1 device'],
] as const)('an outgoing call, %s, says how far it has come: %#', (state, legs, words) => {
  expect(outgoingText({ state, legs }, en)).toBe(words);
});

test('every end has words on both sides, and the caller is told who was busy', () => {
  for (const endReason of [...END_REASONS, ...LEG_END_REASONS]) {
    for (const direction of ['incoming', 'outgoing'] as const) {
      const ended = { direction, endReason, durationSeconds: undefined };
      expect(endedText(ended, 'Bob', en)).not.toBe('');
    }
  }
  const busy = { direction: 'outgoing', endReason: 'busy', durationSeconds: 0 } as const;
  expect(endedText(busy, 'Bob', en)).toBe('Bob is in another call');
});

test('a completed call tells its length once the server has told it', () => {
  const call = { direction: 'incoming', endReason: 'completed' } as const;
  expect(endedText({ ...call, durationSeconds: undefined }, 'Bob', en)).toBe('Call ended');
  expect(endedText({ ...call, durationSeconds: 7 }, 'Bob', en)).toBe('Call ended · 0:07');
});

test.each([
  [0, '0:00'],
  [59.9, '0:59'],
  [60, '1:00'],
  [3599, '59:59'],
  [3600, '1:00:00'],
  [36_061, '10:01:01'],
])('%d seconds are shown as %s', (seconds, shown) => {
  expect(formatDuration(seconds)).toBe(shown);
});

test.each([
  [['zh-CN', 'en'], 'zh-CN'],
  [['zh'], 'zh-CN'],
  [['de', 'en-GB', 'zh'], 'en'],
  [['de'], 'en'],
  [[], 'en'],
])('whoever prefers %j reads %s', (preferred, language) => {
  expect(languageFor(preferred)).toBe(language);
});
