import { expect, test } from 'vitest';
import { flawOfName, flawOfUser } from '../src/sign-in/entry-flaw.ts';
import { en } from '../src/text/en.ts';

test.each([
  ['a'.repeat(64), undefined],
  ['a'.repeat(65), en.errors.idTooLong(64)],
  ['语'.repeat(21), undefined],
  ['语'.repeat(22), en.errors.idTooLong(64)],
  ['a\u0007b', en.errors.idMalformed],
])('a user id is measured in bytes and never cut: %j', (user, flaw) => {
  expect(flawOfUser(user, en)).toBe(flaw);
});

test.each([
  ['', undefined],
  ['语'.repeat(85), undefined],
  ['语'.repeat(86), en.errors.nameTooLong(256)],
])('a name may be longer than an id: %j', (name, flaw) => {
  expect(flawOfName(name, en)).toBe(flaw);
});
