import type { LegView } from '@ringline/client';
import { END_REASONS, LEG_END_REASONS } from '@ringline/client';
import { expect, test } from 'vitest';
import {
  endedText,
  legNotes,
  ringingText,
  standingText,
  videoEndText,
} from '../src/model/wording.ts';
import { en } from '../src/text/en.ts';
import { languageFor } from '../src/text/text.ts';
import { formatDuration } from '../src/ui/format.ts';

function legs(...states: LegView['state'][]): LegView[] {
  return states.map((state, i) => ({ device: `bob${i}`, state, epoch: 1 }));
}

test.each([
  ['inviting', legs(), 'Calling …'],
  ['inviting', legs('delivered'), 'Calling …'],
  ['ringing', legs('alerting'), 'Ringing on 1 device'],
  ['ringing', legs('alerting', 'alerting', 'silent'), 'Ringing on 2 devices'],
  ['ringing', legs('silent'), 'Calling …'],
] as const)('an outgoing call, %s, says how far it has come: %#', (state, legs, words) => {
  expect(ringingText({ state, legs }, en)).toBe(words);
});

test('the caller is told why a device makes no sound', () => {
  const silent = (device: string, silence: LegView['silence']): LegView => ({
    device,
    epoch: 1,
    state: 'silent',
    ...(silence && { silence }),
  });
  const notes = legNotes(
    [
      silent('bob1', 'autoplay-blocked'),
      silent('bob2', 'no-microphone'),
      silent('bob3', 'no-microphone'),
      silent('bob4', 'muted-by-user'),
      silent('bob5', undefined),
      ...legs('alerting', 'refused', 'unresponsive', 'lost'),
    ],
    en,
  );
  expect(notes).toEqual([
    'Their browser blocks sound on 1 device: the call is only shown there',
    'No microphone on 2 devices',
    'Ringing is turned off on 1 device',
    'Shown without sound on 1 device',
    'No answer from 1 device',
    'Refused on 1 device',
  ]);
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

const QUIET = {
  localHold: false,
  remoteHold: false,
  resuming: false,
  videoRequestedBy: undefined,
} as const;

test.each([
  [{}, undefined],
  [{ localHold: true }, 'On hold'],
  [{ remoteHold: true }, 'Bob has put the call on hold'],
  [{ localHold: true, remoteHold: true }, 'On hold, and Bob has put the call on hold too'],
  [{ resuming: true }, 'Resuming …'],
  [{ videoRequestedBy: 'self' }, 'Waiting for Bob to agree to video …'],
  [{ videoRequestedBy: 'peer' }, undefined],
] as const)('a call with %o says %s', (more, words) => {
  expect(standingText({ ...QUIET, ...more }, 'Bob', en)).toBe(words);
});

test.each([
  [{ why: 'refused', by: 'peer' }, 'Bob does not want video now.'],
  [{ why: 'refused', by: 'self' }, undefined],
  [{ why: 'unsupported', by: 'peer' }, 'The device of Bob shows no video.'],
  [{ why: 'expired' }, 'Nobody answered the request for video.'],
  [{ why: 'withdrawn', by: 'peer' }, 'Bob has taken the request for video back.'],
  [{ why: 'removed', by: 'peer' }, 'Bob has ended the video.'],
  [{ why: 'removed', by: 'self' }, undefined],
  [{ why: 'held', by: 'peer' }, undefined],
  [
    { why: 'camera-failed', by: 'self' },
    'Your camera could not be opened. The call goes on with sound.',
  ],
  [
    { why: 'camera-failed', by: 'peer' },
    'The camera of Bob could not be opened. The call goes on with sound.',
  ],
] as const)('a picture that ended %o is told as %s', (end, words) => {
  expect(videoEndText(end, 'Bob', en)).toBe(words);
});
