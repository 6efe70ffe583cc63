import { CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { ConnectionChange } from '../src/index.ts';
import { INCOMING } from './support/views.ts';
import { connected } from './support/world.ts';
import type { World } from './support/world.ts';

function changesOf({ client }: World): ConnectionChange['state'][] {
  const states: ConnectionChange['state'][] = [];
  client.on('connectionChanged', ({ state }) => states.push(state));
  return states;
}

/** A device with a call that was asked to leave, and has said hello elsewhere. */
async function leaving(): Promise<{ world: World; states: ConnectionChange['state'][] }> {
  const world = await connected();
  await world.incoming({ version: 3 });
  const states = changesOf(world);
  world.server.silentOn.add('hello');
  world.server.say({ type: 'leaving', afterMs: 1000 });
  await world.pass(1200);
  expect(world.server.all('hello')).toHaveLength(2);
  return { world, states };
}

const item = (cursor: number) => ({
  cursor,
  id: `message ${cursor}`,
  from: 'bob',
  to: 'alice',
  at: 1,
  body: { kind: 'text', text: 'hi' } as const,
});

test('[CON1] who is asked to leave says hello elsewhere first, and leaves with the welcome', async () => {
  const { world, states } = await leaving();
  expect(world.server.last('hello')).toMatchObject({
    resumeKey: 'resume',
    calls: [{ id: INCOMING, version: 3 }],
  });
  expect(world.server.closes).toEqual([]);
  world.server.greet();
  await world.pass(100);
  expect(world.server.closes).toEqual([4000]);
  expect(states).toEqual([]);
});

test('[CON1] the older server may learn first that the device is elsewhere', async () => {
  const { world, states } = await leaving();
  world.server.sockets[0]?.close(CLOSE.replaced.code, '');
  await world.pass(50);
  world.server.greet();
  await world.pass(100);
  expect(states).toEqual([]);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON1] a server that cannot be reached is asked again while the older one serves', async () => {
  const world = await connected();
  const states = changesOf(world);
  world.server.isReachable = false;
  world.server.say({ type: 'leaving', afterMs: 1000 });
  await world.pass(1200);
  expect([states, world.server.closes]).toEqual([[], []]);
  world.server.isReachable = true;
  await world.pass(2000);
  expect([states, world.server.closes]).toEqual([[], [4000]]);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON2] when the older server goes before the other has answered, the device is between the two', async () => {
  const { world, states } = await leaving();
  world.server.sockets[0]?.close(CLOSE.leaving.code, '');
  await world.pass(100);
  expect(states).toEqual(['reconnecting']);
  world.server.greet();
  await world.pass(100);
  expect(states).toEqual(['reconnecting', 'connected']);
  expect(world.server.wires).toHaveLength(2);
});

test('[CON8] who was taken by a server that is lost before its welcome comes back', async () => {
  const { world, states } = await leaving();
  world.server.wires.at(-1)?.drop();
  await world.pass(50);
  world.server.sockets[0]?.close(CLOSE.replaced.code, '');
  await world.pass(50);
  expect(states).toEqual(['reconnecting']);
  world.server.silentOn.delete('hello');
  await world.pass(5000);
  expect(states).toEqual(['reconnecting', 'connected']);
});

test('[CON10] who was refused elsewhere for long and then loses its server looks for one at once', async () => {
  const world = await connected();
  const states = changesOf(world);
  world.server.isReachable = false;
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass(100_000);
  world.server.isReachable = true;
  world.server.sockets[0]?.close(CLOSE.internal.code, '');
  await world.pass(1_000);
  expect(states).toEqual(['reconnecting', 'connected']);
});

test('[CON10] so it does when the server that it asked meanwhile refuses it as well', async () => {
  const world = await connected();
  world.server.isReachable = false;
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass(100_000);
  world.server.isReachable = true;
  world.server.silentOn.add('hello');
  const said = world.server.all('hello').length;
  while (world.server.all('hello').length === said) await world.pass(50);
  const states = changesOf(world);
  world.server.sockets[0]?.close(CLOSE.internal.code, '');
  world.server.silentOn.delete('hello');
  world.server.wires.at(-1)?.drop();
  await world.pass(1_000);
  expect(states).toEqual(['reconnecting', 'connected']);
});

test('[CON3] what is not answered by the older server is said again to the newer, once', async () => {
  const world = await connected();
  world.server.silentOn.add('send');
  const sending = world.client.send('bob', 'hi');
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass(500);
  const said = world.server.all('send');
  expect(said.map(({ seq }) => seq)).toEqual([said[0]?.seq, said[0]?.seq]);
  world.server.answer(world.server.last('send'));
  await expect(world.done(sending)).resolves.toMatchObject({ id: 'message' });
});

test('[CON3] what the older server refuses because the device is elsewhere is said to the newer', async () => {
  const { world } = await leaving();
  world.server.silentOn.add('send');
  const sending = world.client.send('bob', 'hi');
  await world.pass(50);
  const [said] = world.server.all('send');
  const refused = { type: 'refused', code: 'stale', message: 'elsewhere' } as const;
  world.server.say({ ...refused, re: said?.seq ?? 0 }, world.server.sockets[0]);
  await world.pass(50);
  world.server.greet();
  await world.pass(50);
  expect(world.server.all('send').map(({ seq }) => seq)).toEqual([said?.seq, said?.seq]);
  world.server.answer(world.server.last('send'));
  await expect(world.done(sending)).resolves.toMatchObject({ id: 'message' });
});

test('[CON4] a message that both servers bring is told once', async () => {
  const { world } = await leaving();
  const told: number[] = [];
  world.client.on('message', ({ cursor }) => told.push(cursor));
  world.server.say({ type: 'inbox', items: [item(1)] }, world.server.sockets[0]);
  await world.pass(100);
  world.server.greet();
  world.server.bring(item(1), item(2));
  await world.pass(100);
  expect(told).toEqual([1, 2]);
});

test('[CON5] a device that disconnects while it moves says goodbye to both', async () => {
  const { world } = await leaving();
  world.client.disconnect();
  await world.pass(100);
  expect(world.server.closes).toEqual([1000, 1000]);
});
