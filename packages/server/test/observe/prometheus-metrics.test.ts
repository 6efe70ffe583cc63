import { CLOSE, END_REASONS, REFUSALS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { PRE_CALL_OUTCOMES } from '../../src/pre-call/outcome.ts';
import { PrometheusMetrics } from '../../src/observe/prometheus-metrics.ts';

/** The value of one series, as Prometheus would read it. */
async function valueOf(metrics: PrometheusMetrics, series: string): Promise<number | undefined> {
  const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

test('connections are counted while open and by the code with which they closed', async () => {
  const metrics = new PrometheusMetrics();
  metrics.connectionOpened();
  metrics.connectionOpened();
  metrics.connectionClosed(CLOSE.silent.code);
  expect(await valueOf(metrics, 'ringline_connections')).toBe(1);
  expect(await valueOf(metrics, 'ringline_connections_closed_total{code="4504"}')).toBe(1);
});

test('listeners of the voice are counted while they listen, and starts of its process anew', async () => {
  const metrics = new PrometheusMetrics();
  metrics.listenerOpened();
  metrics.listenerOpened();
  metrics.listenerClosed();
  metrics.voiceRestarted();
  expect(await valueOf(metrics, 'ringline_voice_listeners')).toBe(1);
  expect(await valueOf(metrics, 'ringline_voice_restarts_total')).toBe(1);
});

test('everything that happens is counted under its own name', async () => {
  const metrics = new PrometheusMetrics();
  metrics.messageReceived('invite');
  metrics.messageRefused('rate-limited');
  metrics.callEnded('completed');
  metrics.raceLost();
  metrics.faultMet('store-unavailable');
  metrics.stepCommitted(3);
  for (const series of [
    'ringline_messages_received_total{type="invite"}',
    'ringline_messages_refused_total{code="rate-limited"}',
    'ringline_calls_ended_total{reason="completed"}',
    'ringline_races_lost_total',
    'ringline_faults_total{code="store-unavailable"}',
    'ringline_step_commit_seconds_bucket{le="0.005"}',
    'ringline_step_commit_seconds_count',
  ]) {
    expect([series, await valueOf(metrics, series)]).toEqual([series, 1]);
  }
  expect(await valueOf(metrics, 'ringline_step_commit_seconds_bucket{le="0.002"}')).toBe(0);
});

test('[QLT6] scores of calls are counted by path, and every path is there from the start', async () => {
  const metrics = new PrometheusMetrics();
  for (const path of ['relay', 'direct', 'other']) {
    expect(await valueOf(metrics, `ringline_call_mos_count{path="${path}"}`)).toBe(0);
  }
  metrics.callRated(4.1, true);
  metrics.callRated(3, undefined);
  expect(await valueOf(metrics, 'ringline_call_mos_bucket{le="4.03",path="relay"}')).toBe(0);
  expect(await valueOf(metrics, 'ringline_call_mos_bucket{le="4.2",path="relay"}')).toBe(1);
  expect(await valueOf(metrics, 'ringline_call_mos_bucket{le="3.1",path="other"}')).toBe(1);
  expect(await valueOf(metrics, 'ringline_call_mos_count{path="direct"}')).toBe(0);
});

test('[PRE12] questions before calls are counted and timed by what came of them', async () => {
  const metrics = new PrometheusMetrics();
  for (const outcome of PRE_CALL_OUTCOMES) {
    expect(await valueOf(metrics, `ringline_pre_call_seconds_count{outcome="${outcome}"}`)).toBe(0);
  }
  metrics.preCallAsked('denied', 150);
  const bucket = (le: string) =>
    valueOf(metrics, `ringline_pre_call_seconds_bucket{le="${le}",outcome="denied"}`);
  expect([await bucket('0.1'), await bucket('0.2')]).toEqual([0, 1]);
});

test('every series is there from the start, so that its first event shows in a rate', async () => {
  const metrics = new PrometheusMetrics();
  for (const reason of END_REASONS) {
    expect(await valueOf(metrics, `ringline_calls_ended_total{reason="${reason}"}`)).toBe(0);
  }
  for (const code of Object.keys(REFUSALS)) {
    expect(await valueOf(metrics, `ringline_messages_refused_total{code="${code}"}`)).toBe(0);
  }
});

test('what strangers send adds no series', async () => {
  const metrics = new PrometheusMetrics();
  const before = (await metrics.text()).split('\n').filter((l) => l.startsWith('ringline')).length;
  for (let i = 0; i < 100; i++) {
    metrics.messageReceived(`type-${i}`);
    metrics.connectionClosed(3000 + i);
    metrics.faultMet(`fault-${i}`);
  }
  const after = (await metrics.text()).split('\n').filter((l) => l.startsWith('ringline')).length;
  expect(after).toBe(before);
  expect(await valueOf(metrics, 'ringline_messages_received_total{type="other"}')).toBe(100);
});

test('the process is measured too, and two servers in one process do not mix', async () => {
  const [one, two] = [new PrometheusMetrics(), new PrometheusMetrics()];
  one.raceLost();
  expect(await valueOf(one, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(await valueOf(two, 'ringline_races_lost_total')).toBe(0);
});
