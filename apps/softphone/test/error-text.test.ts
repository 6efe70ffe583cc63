import { RinglineError } from '@ringline/client';
import { expect, test } from 'vitest';
import { errorText } from '../src/error-text.ts';
import { RestError } from '../src/rest.ts';
import { en } from '../src/text/en.ts';

test.each([
  [new RinglineError('malformed', 'to must be …', { path: 'to' }), en.errors.idMalformed],
  [new RinglineError('malformed', 'body.text …', { path: 'body.text' }), en.errors.messageTooLong],
  [new RestError('malformed', 'body.user: must be …'), en.errors.malformed],
  [new RinglineError('timeout', 'for programmers'), en.errors.timeout],
])('what the SDK says to programmers is not shown to people: %s', (error, words) => {
  expect(errorText(error, en)).toBe(words);
});
