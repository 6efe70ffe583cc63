import { VirtualClock } from '@ringline/testkit';
import { operatorBy } from '../../src/http/operator.ts';
import type { Endpoint } from '../../src/store/outbox.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { SystemRandomness } from '../../src/system-randomness.ts';
import { Operator } from '../../src/webhooks/operator.ts';
import { Webhooks } from '../../src/webhooks/webhooks.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { CountedMetrics } from '../support/quiet.ts';
import { Receiver } from '../support/receiver.ts';
import { createTestApp } from './fixture.ts';

export const KEY = 'an-operators-key-of-at-least-32-bytes';
export const ENDPOINTS = '/v1/webhooks/endpoints';

/** The HTTP side with an operator, over a store in memory. */
export async function operated(
  keys: readonly string[] = [KEY],
  configured: readonly Endpoint[] = [],
) {
  const clock = new VirtualClock();
  const receiver = new Receiver(clock);
  const store = new MemoryStore();
  const log = new MemoryLog();
  const parts = { clock, log, outbound: receiver, randomness: new SystemRandomness(), store };
  const more = {
    configured,
    keepMs: 60_000,
    metrics: new CountedMetrics(),
    forgets: async () => true,
  };
  const webhooks = new Webhooks({ ...parts, ...more });
  await clock.untilSettled(webhooks.start(true));
  const operator = new Operator({ ...parts, webhooks });
  const requireOperator = operatorBy(keys, clock);
  const { app } = createTestApp({ store, webhooks: { operator, requireOperator } });

  /** Asks as the operator; time goes on meanwhile. */
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) => {
    const headers = { authorization: `Bearer ${KEY}` };
    const payload = body && { payload: body };
    const answered = app.inject({ method, url, headers, ...payload });
    const answer = await clock.untilSettled(answered);
    return {
      status: answer.statusCode,
      body: answer.body === '' ? undefined : answer.json<Answer>(),
    };
  };
  return { app, ask, clock, receiver, store, webhooks };
}

/** What the operator is answered. */
export interface Answer {
  readonly id: string;
  readonly secrets?: readonly string[];
  readonly items: readonly Record<string, unknown>[];
  readonly error?: { readonly code: string; readonly message: string; readonly path?: string };
  readonly [field: string]: unknown;
}
