import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import {
  OPERATOR_FAILURES_PER_SECOND,
  OPERATOR_FAILURE_BURST,
  operatorOf,
} from '../../src/http/operator.ts';
import { as, createTestApp } from './fixture.ts';

const KEY = 'k'.repeat(32);
const NEW_KEY = 'n'.repeat(32);

/** The HTTP side with one route of the operator's, and how to ask for it. */
function operated(keys: readonly string[]) {
  const clock = new VirtualClock();
  const { app, log } = createTestApp();
  const operator = operatorOf(keys, clock);
  app.get('/operated', async (request) => {
    operator(request);
    return { done: true };
  });
  const ask = (authorization?: string) =>
    app.inject({ url: '/operated', headers: authorization === undefined ? {} : { authorization } });
  return { ask, clock, log };
}

test('[OPR1] an API key opens what is the operator’s, each of several does, and nothing else', async () => {
  const { ask } = operated([KEY, NEW_KEY]);
  for (const key of [KEY, NEW_KEY]) expect((await ask(`Bearer ${key}`)).statusCode).toBe(200);
  const others = [
    `Bearer ${KEY}x`,
    `Bearer ${KEY.slice(1)}`,
    `Basic ${KEY}`,
    KEY,
    'Bearer ',
    undefined,
  ];
  for (const other of others) {
    const refused = await ask(other);
    expect([refused.statusCode, refused.json().error.code]).toEqual([401, 'unauthorized']);
    expect(refused.headers['www-authenticate']).toBe('Bearer');
  }
});

test('[OPR2] a user’s token is refused as such', async () => {
  const { ask } = operated([KEY]);
  const { authorization } = await as('alice');
  const refused = await ask(authorization);
  expect(refused.statusCode).toBe(403);
  expect(refused.json().error).toEqual({
    code: 'forbidden',
    message: 'This takes an API key of the operator, not a user’s token.',
  });
});

test('[OPR3] without API keys it is closed, and says what to set', async () => {
  const { ask } = operated([]);
  for (const given of [undefined, `Bearer ${KEY}`, 'Bearer undefined']) {
    const refused = await ask(given);
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'forbidden']);
    expect(refused.json().error.message).toContain('set API_KEYS');
  }
});

test('[OPR5] who guesses is told to wait, and the operator never is', async () => {
  const { ask, clock } = operated([KEY]);
  const guess = () => ask(`Bearer ${NEW_KEY}`);
  for (let i = 0; i < OPERATOR_FAILURE_BURST; i++) expect((await guess()).statusCode).toBe(401);
  const refused = await guess();
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
  expect((await ask(`Bearer ${KEY}`)).statusCode).toBe(200);
  clock.advance(1000 / OPERATOR_FAILURES_PER_SECOND);
  expect((await guess()).statusCode).toBe(401);
});

test('[OPR6] no key is in an answer or in the log', async () => {
  const { ask, log } = operated([KEY]);
  const { body } = await ask(`Bearer ${NEW_KEY}`);
  await ask(`Bearer ${KEY}`);
  const told = body + JSON.stringify(log.lines);
  expect([KEY, NEW_KEY].some((key) => told.includes(key))).toBe(false);
});
