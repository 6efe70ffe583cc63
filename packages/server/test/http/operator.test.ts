import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { operatorBy } from '../../src/http/operator.ts';
import { as, createTestApp } from './fixture.ts';

const KEY = 'k'.repeat(32);
const WRONG = 'w'.repeat(32);

/** The HTTP side with one route of the operator's, and how to ask for it. */
function operated() {
  const { app, log } = createTestApp();
  const requireOperator = operatorBy([KEY], new VirtualClock());
  app.get('/operated', async (request) => {
    await requireOperator(request);
    return { done: true };
  });
  const ask = (authorization: string) =>
    app.inject({ url: '/operated', headers: { authorization } });
  return { ask, log };
}

test('[OPR5] a user’s token is refused in other words than a wrong key', async () => {
  const { ask } = operated();
  const { authorization } = await as('alice');
  const token = await ask(authorization);
  const key = await ask(`Bearer ${WRONG}`);
  expect([token.statusCode, key.statusCode]).toEqual([401, 401]);
  expect(token.json().error.message).toContain('not a user’s token');
  expect(key.json().error.message).toContain('must be one of API_KEYS');
});

test('[OPR6] no key is in an answer or in the log', async () => {
  const { ask, log } = operated();
  const { body } = await ask(`Bearer ${WRONG}`);
  await ask(`Bearer ${KEY}`);
  const told = body + JSON.stringify(log.lines);
  expect([KEY, WRONG].some((key) => told.includes(key))).toBe(false);
});
