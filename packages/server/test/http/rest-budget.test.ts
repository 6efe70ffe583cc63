import { REST_BURST, REST_REQUESTS_PER_SECOND } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { InProcessBus } from '../../src/cluster/in-process-bus.ts';
import { UserBudgets } from '../../src/gateway/user-budgets.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { as, createTestApp } from './fixture.ts';

test('beyond its budget a user is told when to come back, and another is not touched by it', async () => {
  const clock = new VirtualClock();
  const { app } = createTestApp({
    budgets: new UserBudgets({ bus: new InProcessBus(new MemoryLog()), clock, incarnation: 'n1' }),
  });
  const ask = async (user: string, url = '/v1/records') =>
    app.inject({ url, headers: await as(user) });
  for (let i = 0; i < REST_BURST; i++) expect((await ask('alice')).statusCode).toBe(200);
  for (const url of ['/v1/records', '/v1/inbox', '/v1/users']) {
    const refused = await ask('alice', url);
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'rate-limited']);
    expect(refused.headers['retry-after']).toBe('1');
  }
  expect((await ask('bob')).statusCode).toBe(200);
  clock.advance(1000 / REST_REQUESTS_PER_SECOND);
  expect((await ask('alice')).statusCode).toBe(200);
});
