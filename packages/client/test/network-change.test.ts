import { expect, test } from 'vitest';
import { connectedPair, Pair } from './support/pair.ts';
import { FarDevice } from './support/far-device.ts';
import { established } from './support/views.ts';
import { connected } from './support/world.ts';
import type { World } from './support/world.ts';

async function inCallWithBob(): Promise<World> {
  const world = await connected();
  const call = await world.incoming();
  const accepting = call.accept();
  await world.pass();
  world.server.show(established());
  await world.done(accepting);
  await new FarDevice(world).call();
  await world.pass(1000);
  return world;
}

test('a new network is used at once by the caller’s device, and the old path goes on meanwhile', async () => {
  const pair = await connectedPair();
  const states: string[] = [];
  pair.alice.connection.onconnectionstatechange = () =>
    states.push(pair.alice.connection.connectionState);
  pair.alice.negotiation.restart();
  await pair.pass(200);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
  expect(pair.bob.descriptions).toEqual(['answer', 'answer']);
  expect(states).toEqual([]);
});

test('the callee’s device asks for it', async () => {
  const pair = await connectedPair();
  await pair.pass(2000);
  pair.bob.negotiation.restart();
  await pair.pass(200);
  expect(pair.bob.count('restart')).toBe(1);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
});

test('both notice: one restart', async () => {
  const pair = await connectedPair();
  await pair.pass(2000);
  pair.bob.negotiation.restart();
  pair.alice.negotiation.restart();
  await pair.pass(3000);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
});

test('one change that is told in several ways: one restart', async () => {
  const pair = await connectedPair();
  await pair.pass(2000);
  for (const side of [pair.alice, pair.bob]) {
    side.negotiation.restart();
    await pair.pass(100);
    side.negotiation.restart();
    await pair.pass(3000);
  }
  expect(pair.bob.count('restart')).toBe(1);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer', 'offer']);
});

test('another change is another restart, also while an offer has no answer yet', async () => {
  const pair = await connectedPair();
  await pair.pass(2000);
  const carry = pair.alice.carry;
  pair.alice.carry = () => {};
  pair.alice.negotiation.restart();
  await pair.pass(1000);
  pair.alice.carry = carry;
  pair.alice.negotiation.restart();
  await pair.pass(500);
  const offers = pair.alice.said.flatMap((each) =>
    each.kind === 'description' ? [each.description.sdp] : [],
  );
  // The first, the one of the first change, that again, and the one of the second change.
  expect(offers).toHaveLength(4);
  expect(new Set(offers).size).toBe(3);
});

test('a restart by the caller’s device whose signalling is away waits, and happens when it is back', async () => {
  const pair = await connectedPair();
  const { alice } = pair;
  const before = alice.connection.ufrag;
  alice.goOffline();
  alice.negotiation.restart();
  pair.media.fail('alice1');
  await pair.pass(21_000);
  // Nothing was gathered on a network that may be gone by the time it can be said.
  expect(alice.connection.ufrag).toBe(before);
  alice.goOnline();
  alice.negotiation.resend();
  await pair.pass(300);
  expect(pair.areConnected).toBe(true);
});

test('a restart that the callee’s device could not ask for is asked for when signalling is back', async () => {
  const pair = await connectedPair();
  const { alice, bob } = pair;
  bob.goOffline();
  bob.negotiation.restart();
  await pair.pass(3000);
  bob.goOnline();
  bob.negotiation.resend();
  await pair.pass(300);
  expect(bob.count('restart')).toBe(1);
  expect(alice.descriptions).toEqual(['offer', 'offer']);
  expect(pair.areConnected).toBe(true);
});

test('an ask that was lost with a socket that did not know it was dead is made again', async () => {
  const pair = await connectedPair();
  const { carry } = pair.bob;
  await pair.pass(2000);
  pair.bob.carry = () => {};
  pair.bob.negotiation.restart();
  await pair.pass(1000);
  pair.bob.carry = carry;
  pair.bob.negotiation.resend();
  await pair.pass(300);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
  pair.bob.negotiation.resend();
  await pair.pass(3000);
  expect(pair.alice.descriptions).toEqual(['offer', 'offer']);
});

test('a restart that fails is tried again', async () => {
  const pair = await connectedPair();
  await pair.pass(2000);
  pair.media.cut('bob1');
  pair.alice.negotiation.restart();
  await pair.pass(25_000);
  expect(pair.areConnected).toBe(false);
  pair.media.restore('bob1');
  await pair.pass(6000);
  expect(pair.areConnected).toBe(true);
});

test('a change of network before anything is connected begins anew when the answer has come', async () => {
  const pair = new Pair();
  const { carry } = pair.alice;
  pair.alice.carry = () => {};
  pair.start();
  await pair.pass(1000);
  pair.alice.negotiation.restart();
  pair.alice.carry = carry;
  pair.alice.negotiation.resend();
  await pair.pass(1000);
  expect(pair.areConnected).toBe(true);
  expect(new Set(pair.alice.descriptions)).toEqual(new Set(['offer']));
});

test('a call’s device that changes its network asks for a restart, and probes its signalling', async () => {
  const world = await inCallWithBob();
  const asked = () => world.server.all('signal').filter(({ signal }) => signal.kind === 'restart');
  const beats = world.server.all('heartbeat').length;
  world.changeNetwork();
  await world.pass();
  expect(asked()).toHaveLength(1);
  expect(world.server.all('heartbeat')).toHaveLength(beats + 1);
});

test('a socket of the old network is given up after a second', async () => {
  const world = await connected();
  world.server.wire.cut();
  world.changeNetwork();
  await world.pass(900);
  expect(world.client.connectionState).toBe('connected');
  await world.pass(1000);
  expect(world.server.wires).toHaveLength(2);
  expect(world.client.connectionState).toBe('connected');
});
