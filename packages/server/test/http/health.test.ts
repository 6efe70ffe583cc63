import { expect, test } from 'vitest';
import { createTestApp } from './fixture.ts';

test('a process that runs is alive, ready or not', async () => {
  const { app, readiness } = createTestApp();
  readiness.notReady('stopping');
  const answer = await app.inject('/healthz');
  expect(answer.statusCode).toBe(200);
});

test('readiness follows its flag and gives the reason', async () => {
  const { app, readiness } = createTestApp();
  const ready = await app.inject('/readyz');
  expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true }]);
  readiness.notReady('stopping');
  const stopping = await app.inject('/readyz');
  expect([stopping.statusCode, stopping.json()]).toEqual([
    503,
    { ready: false, reason: 'stopping' },
  ]);
});

test('metrics are Prometheus text', async () => {
  const { app, metrics } = createTestApp();
  metrics.callEnded('busy');
  const answer = await app.inject('/metrics');
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(answer.body).toContain('ringline_calls_ended_total{reason="busy"} 1\n');
});

test('[BUS15] readiness says whether the bus is connected, and does not depend on it', async () => {
  let isConnected = true;
  const { app } = createTestApp({ isBusConnected: () => isConnected });
  const ready = await app.inject('/readyz');
  isConnected = false;
  const away = await app.inject('/readyz');
  expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true, bus: 'connected' }]);
  expect([away.statusCode, away.json()]).toEqual([200, { ready: true, bus: 'away' }]);
});
