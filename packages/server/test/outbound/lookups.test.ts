import { expect, test } from 'vitest';
import type { Resolve } from '../../src/outbound/lookups.ts';
import { onceAtATime } from '../../src/outbound/lookups.ts';

const ALL = { all: true } as const;
const FOUND = [{ address: '192.0.2.1', family: 4 }];

/** A name server of a test that answers when it is told to. */
function nameServer() {
  const asked: { name: string; answer: (error?: NodeJS.ErrnoException) => void }[] = [];
  const resolve: Resolve = (name, _options, done) => {
    asked.push({ name, answer: (error) => done(error ?? null, error ? [] : FOUND) });
  };
  return { asked, look: onceAtATime(resolve) };
}

test('[OUT14] sixteen who want one name ask for it once, and all have its addresses', () => {
  const { asked, look } = nameServer();
  const answers: unknown[] = [];
  for (let i = 0; i < 16; i++)
    look('a.example', ALL, (error, found) => answers.push(error ?? found));
  look('b.example', ALL, () => undefined);
  look('a.example', { ...ALL, family: 6 }, () => undefined);
  expect(asked.map(({ name }) => name)).toEqual(['a.example', 'b.example', 'a.example']);
  asked[0]?.answer();
  expect(answers).toEqual(Array.from({ length: 16 }, () => FOUND));
});

test('[OUT14] afterwards it is asked anew, also from within an answer, and a failure is everybody’s', () => {
  const { asked, look } = nameServer();
  const failures: unknown[] = [];
  const gone = Object.assign(new Error('none'), { code: 'ENOTFOUND' });
  look('a.example', ALL, (error) => {
    failures.push(error);
    look('a.example', ALL, () => undefined);
  });
  look('a.example', ALL, (error) => failures.push(error));
  asked[0]?.answer(gone);
  expect(failures).toEqual([gone, gone]);
  expect(asked).toHaveLength(2);
});
