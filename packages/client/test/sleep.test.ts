import { ProcessClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { watchSleep } from '../src/signalling/sleep-watch.ts';
import { established } from './support/views.ts';
import { World } from './support/world.ts';

/** A device whose machine can sleep. */
async function sleeper(): Promise<{ world: World; machine: ProcessClock }> {
  const world = new World();
  await world.connect();
  return { world, machine: world.machine };
}

test('a machine that wakes probes its signalling at once', async () => {
  const { world, machine } = await sleeper();
  await world.pass(1000);
  machine.sleep(8_000);
  await world.pass(8_100);
  expect(world.server.all('heartbeat')).toHaveLength(1);
});

test('a dead socket is given up a second after waking, and what ended meanwhile is told', async () => {
  const { world, machine } = await sleeper();
  const call = await world.outgoing();
  world.server.show(established({ id: call.id, direction: 'outgoing', peer: { user: 'bob' } }));
  await world.pass();
  world.server.wire.cut();
  world.server.welcome = { gone: [call.id] };
  machine.sleep(60_000);
  await world.pass(60_000);
  expect(call.state).toBe('established');
  await world.pass(2_000);
  expect([call.state, call.endReason]).toEqual(['ended', 'connection-lost']);
  expect(world.alice1.tracks).toEqual([]);
});

test('an answer that came while the caller’s machine slept is no reason to hang up', async () => {
  const { world, machine } = await sleeper();
  const call = await world.outgoing({ ringTimeoutMs: 10_000 });
  machine.sleep(20_000);
  await world.pass(20_100);
  expect(call.state).toBe('inviting');
  world.server.show(established({ id: call.id, direction: 'outgoing', peer: { user: 'bob' } }));
  await world.pass(10_000);
  expect(call.state).toBe('established');
  expect(world.server.all('end')).toEqual([]);
  expect(world.server.all('cancel')).toEqual([]);
});

test('nobody answered while the caller’s machine slept: it stops by itself all the same', async () => {
  const { world, machine } = await sleeper();
  const call = await world.outgoing({ ringTimeoutMs: 10_000 });
  machine.sleep(20_000);
  await world.pass(26_000);
  expect([call.state, call.endReason]).toEqual(['ended', 'no-answer']);
});

test('a phone whose ring time ran out in a sleep does not ring on', async () => {
  const { world, machine } = await sleeper();
  const call = await world.incoming({ remainingMs: 10_000 });
  machine.sleep(20_000);
  await world.pass(20_100);
  expect([call.state, call.endReason]).toEqual(['ended', 'expired']);
});

test('a page that is merely busy has not slept', async () => {
  const { world } = await sleeper();
  const busy = new ProcessClock(world.clock);
  let woke = 0;
  const stop = watchSleep(busy, () => woke++);
  await world.pass(2_000);
  busy.sleep(2_900);
  await world.pass(20_000);
  expect(woke).toBe(0);
  busy.sleep(10_000);
  await world.pass(20_000);
  expect(woke).toBe(1);
  stop();
});
