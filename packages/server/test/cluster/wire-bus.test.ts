import { SeededRandomness, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/cluster/bus.ts';
import { topicOf } from '../../src/cluster/topics.ts';
import { LISTENING_WITHIN_MS } from '../../src/cluster/listening.ts';
import { FIRST_RETRY_MS, GAP_PAUSE_MS, MAX_RETRY_MS, WireBus } from '../../src/cluster/wire-bus.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { busContract } from './contract.ts';
import { CountedBus } from './counted-bus.ts';
import { EACH } from './deliveries.ts';
import { MemoryService } from './memory-wire.ts';
import { twoNodes } from './two-nodes.ts';

const byCode = (one: string, other: string) => (one < other ? -1 : 1);

function world() {
  const clock = new VirtualClock();
  const service = new MemoryService();
  const node = async () => {
    const randomness = new SeededRandomness('wire');
    const parts = { clock, log: new MemoryLog(), metrics: new CountedBus(), randomness };
    const bus = new WireBus(service.wire(), parts);
    await bus.start();
    return { ...parts, bus };
  };
  return { clock, service, node };
}

/** Two nodes, Bob on the second, and what comes to him. */
async function withBob() {
  const { clock, service, node } = world();
  const [a, b] = [await node(), await node()];
  const heard: Delivery[] = [];
  const gaps: string[] = [];
  b.bus.subscribe('bob', (delivery) => heard.push(delivery));
  a.bus.onGap(() => gaps.push('a'));
  b.bus.onGap(() => gaps.push('b'));
  return { clock, service, node, a, b, heard, gaps };
}

busContract(async () => {
  const { node } = world();
  const [a, b] = [await node(), await node()];
  return twoNodes(a.bus, b.bus);
});

test('[BUS17] a gap that is published while the bus is away reaches the others when it is back, and the own node at once', async () => {
  const { clock, service, a, gaps } = await withBob();
  service.fall();
  a.bus.publishGap();
  expect(gaps).toEqual(['a']);
  service.isUp = true;
  await clock.advanceAsync(MAX_RETRY_MS);
  expect(gaps.filter((each) => each === 'b').length).toBeGreaterThan(0);
});

test('[BUS5] the service is asked for a user as long as somebody listens, also after it was away', async () => {
  const { clock, service, b } = await withBob();
  const topics = () => [...service.connections].flatMap((each) => each.topics).toSorted(byCode);
  const stop = b.bus.subscribe('carol', () => undefined);
  const stopOther = b.bus.subscribe('carol', () => undefined);
  b.bus.watch('carol', () => undefined);
  stop();
  stop();
  expect(topics()).toEqual(['gap', 'gap', 'm.carol', 'u.bob', 'u.carol']);
  service.fall();
  stopOther();
  service.isUp = true;
  await clock.advanceAsync(MAX_RETRY_MS);
  expect(topics()).toEqual(['gap', 'gap', 'm.carol', 'u.bob']);
});

test('[BUS9] a node that lost what it had to say tells the others, and once', async () => {
  const { clock, service, a, b, heard, gaps } = await withBob();
  service.room = 0;
  a.bus.publish(EACH.missed);
  a.bus.publish(EACH.missed);
  await clock.advanceAsync(2 * GAP_PAUSE_MS);
  expect([heard, gaps]).toEqual([[], []]);
  service.room = Infinity;
  a.bus.publish(EACH.bound);
  expect(heard).toEqual([EACH.bound]);
  await clock.advanceAsync(GAP_PAUSE_MS);
  expect(gaps).toEqual(['b']);
  await clock.advanceAsync(10 * GAP_PAUSE_MS);
  expect([gaps, clock.pending]).toEqual([['b'], 0]);
  expect([a.metrics.of('dropped'), b.metrics.gaps]).toEqual([2, 1]);
});

test('[BUS9] one whose connection alone was cut tells the others as well as its own', async () => {
  const { clock, service, a, heard, gaps } = await withBob();
  const [first] = service.connections;
  first?.events.lost(new Error('cut'));
  a.bus.publish(EACH.missed);
  expect(a.bus.isConnected).toBe(false);
  await clock.advanceAsync(FIRST_RETRY_MS);
  expect(a.bus.isConnected).toBe(true);
  expect(heard).toEqual([]);
  expect(gaps).toEqual(['b', 'a']);
});

test('[BUS8] it is tried again sooner and then later, and for ever; the trouble is said once', async () => {
  const { clock, service, a } = await withBob();
  service.fall();
  service.connects = 0;
  await clock.advanceAsync(60_000);
  expect(service.connects).toBeGreaterThan(2 * (60_000 / MAX_RETRY_MS) * 0.9);
  expect(service.connects).toBeLessThan(2 * 2 * (60_000 / MAX_RETRY_MS) + 20);
  expect(a.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  service.isUp = true;
  await clock.advanceAsync(MAX_RETRY_MS);
  expect(a.bus.isConnected).toBe(true);
});

test('[BUS8] a node that is connected at its first attempt has missed nothing', async () => {
  const { gaps, a } = await withBob();
  expect([gaps, a.metrics.gaps, a.metrics.isConnected]).toEqual([[], 0, true]);
});

test('[BUS7] closed while it is tried again, it is not tried any more', async () => {
  const { clock, service, a, b } = await withBob();
  service.fall();
  await a.bus.close();
  await b.bus.close();
  service.isUp = true;
  service.connects = 0;
  await clock.advanceAsync(10_000);
  expect([service.connects, clock.pending]).toEqual([0, 0]);
});

test('[BUS11] what cannot be read, or is of a kind that this release does not know, is counted and left out', async () => {
  const { service, b, heard } = await withBob();
  service.say(topicOf('u', 'bob'), '{');
  service.say(topicOf('u', 'bob'), '{"kind":"newer","to":"bob"}');
  service.say(topicOf('u', 'bob'), '{"kind":"missed","to":"carol"}');
  service.say('unheard', '{');
  expect(heard).toEqual([]);
  expect(b.metrics.of('malformed')).toBe(3);
});

test('[BUS8] one who cannot look again keeps it from nobody else', async () => {
  const { service, b, gaps } = await withBob();
  b.bus.onGap(() => {
    throw new Error('a defect');
  });
  b.bus.onGap(() => gaps.push('last'));
  service.say('gap', '');
  expect(gaps).toEqual(['a', 'b', 'last']);
  expect(b.log.lines).toMatchObject([{ level: 'info' }, { level: 'error' }]);
});

/** Whether it has come to pass, as far as can be seen now. */
function watched(promise: Promise<void>): { isOver: boolean } {
  const seen = { isOver: false };
  void promise.then(() => (seen.isOver = true));
  return seen;
}

test('[BUS18] it listens when the service has said so, and asks it once for what was asked in one turn', async () => {
  const { clock, service, a, b, heard } = await withBob();
  service.isSlow = true;
  service.questions = 0;
  b.bus.subscribe('carol', (delivery) => heard.push(delivery));
  const carol = watched(b.bus.listening());
  b.bus.watch('dave', () => undefined);
  const dave = watched(b.bus.listening());
  await clock.advanceAsync(LISTENING_WITHIN_MS - 1);
  expect([service.questions, carol.isOver, dave.isOver]).toEqual([1, false, false]);
  service.catchUp();
  await clock.settle();
  expect([carol.isOver, dave.isOver, clock.pending]).toEqual([true, true, 0]);
  a.bus.publish({ kind: 'missed', to: 'carol' });
  expect(heard).toHaveLength(1);
  await b.bus.listening();
  expect(service.questions).toBe(1);
});

test('[BUS18] what was asked for after the question is waited for with another one', async () => {
  const { clock, service, b } = await withBob();
  service.isSlow = true;
  service.questions = 0;
  b.bus.subscribe('carol', () => undefined);
  const carol = watched(b.bus.listening());
  await clock.settle();
  b.bus.subscribe('dave', () => undefined);
  const dave = watched(b.bus.listening());
  await clock.settle();
  expect([service.questions, carol.isOver, dave.isOver]).toEqual([2, false, false]);
  service.catchUp();
  await clock.settle();
  expect([carol.isOver, dave.isOver]).toEqual([true, true]);
});

test('[BUS18] a service that is slow is waited for no longer than LISTENING_WITHIN_MS; when it listens, the gap is told', async () => {
  const { clock, service, b, gaps } = await withBob();
  service.isSlow = true;
  b.bus.subscribe('carol', () => undefined);
  const carol = watched(b.bus.listening());
  await clock.advanceAsync(LISTENING_WITHIN_MS - 1);
  expect(carol.isOver).toBe(false);
  await clock.advanceAsync(1);
  expect([carol.isOver, gaps]).toEqual([true, []]);
  service.catchUp();
  await clock.settle();
  expect(gaps).toEqual(['b']);
});

test('[BUS18] one that is away, or falls meanwhile, is not waited for', async () => {
  const { clock, service, b, gaps } = await withBob();
  service.isSlow = true;
  b.bus.subscribe('carol', () => undefined);
  const carol = watched(b.bus.listening());
  await clock.settle();
  service.fall();
  b.bus.subscribe('dave', () => undefined);
  const dave = watched(b.bus.listening());
  await clock.settle();
  expect([carol.isOver, dave.isOver, gaps]).toEqual([true, true, []]);
});

test('[BUS18] back again, a bus tells of the gap once its service listens, not before', async () => {
  const { clock, service, gaps, heard, a, b } = await withBob();
  const [, second] = service.connections;
  service.connections.delete(second!);
  second?.events.lost(new Error('cut'));
  service.isSlow = true;
  await clock.advanceAsync(FIRST_RETRY_MS);
  expect([b.bus.isConnected, gaps]).toEqual([true, ['a']]);
  a.bus.publish(EACH.missed);
  expect([gaps, heard]).toEqual([['a'], []]);
  service.catchUp();
  await clock.settle();
  expect(gaps).toEqual(['a', 'b']);
  a.bus.publish(EACH.missed);
  expect(heard).toEqual([EACH.missed]);
});
