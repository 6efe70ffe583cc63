import type { IceConfig, LegState, LegView, SendSignal } from '@ringline/protocol';
import type { FakePeerConnection } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { MAX_PRECONNECTED_LEGS } from '../src/calls/call-channels.ts';
import type { Call, ClientOptions } from '../src/index.ts';
import { FarDevice } from './support/far-device.ts';
import { turn } from './support/ice.ts';
import { INCOMING, ended, established, ringing } from './support/views.ts';
import { World, eventsOf } from './support/world.ts';

async function worldWith(
  preconnect: IceConfig['preconnect'],
  options: Partial<ClientOptions> = {},
): Promise<World> {
  const world = new World(options);
  world.server.welcome = { ice: turn('alice', { preconnect }) };
  await world.connect();
  return world;
}

function leg(number: number, state: LegState = 'alerting', epoch = number): LegView {
  return { device: `bob${number}`, state, epoch };
}

/** Alice calls bob, and his devices stand like this. */
async function calling(world: World, ...legs: LegView[]): Promise<Call> {
  const call = await world.outgoing();
  await show(world, call, 2, ...legs);
  return call;
}

const outgoing = { direction: 'outgoing', peer: { user: 'bob' } } as const;

async function show(world: World, { id }: Call, version: number, ...legs: LegView[]) {
  world.server.show(ringing({ ...outgoing, id, version, state: 'ringing', legs }));
  await world.pass();
}

async function answered(world: World, { id }: Call, device: string, epoch = 1): Promise<void> {
  world.server.show(established({ ...outgoing, id, version: 50, peerDevice: device, epoch }));
  await world.pass(200);
}

function offers(world: World): string[] {
  return world.server
    .all('signal')
    .flatMap(({ to, epoch, signal }: SendSignal) =>
      signal.kind === 'description' && signal.description.type === 'offer'
        ? [`${to} ${epoch}`]
        : [],
    );
}

const policyOf = (connection?: FakePeerConnection) => connection?.configuration.iceTransportPolicy;
const sentBy = (connection?: FakePeerConnection) =>
  connection?.getTransceivers().map(({ sender }) => sender.track) ?? [];

test('while it rings the caller’s device connects to each leg that shows the call, and sends nothing', async () => {
  const world = await worldWith('direct');
  const call = await calling(world, leg(1), leg(2, 'silent'), leg(3, 'delivered'));
  const bob = new FarDevice(world, { call: call.id, role: 'answerer' });
  bob.negotiation.start();
  await world.pass(500);
  expect(offers(world)).toEqual(['bob1 1', 'bob2 2']);
  expect(bob.connection.connectionState).toBe('connected');
  await world.pass(5000);
  expect(bob.hears).toBe(false);
  expect(world.alice1.connections.flatMap(sentBy)).toEqual([null, null, null, null]);
  expect(world.server.all('connected')).toEqual([]);
});

test('what is connected goes on once it is answered, and the others are let go', async () => {
  const world = await worldWith('direct');
  const call = await calling(world, leg(1), leg(2));
  const events = eventsOf(call);
  const bob = new FarDevice(world, { name: 'bob2', epoch: 2, call: call.id, role: 'answerer' });
  bob.negotiation.start();
  await world.pass(500);
  await bob.talk();
  await answered(world, call, 'bob2', 2);
  expect(world.alice1.connections).toHaveLength(1);
  expect(offers(world)).toEqual(['bob1 1', 'bob2 2']);
  expect(world.server.all('connected')).toMatchObject([{ epoch: 2 }]);
  await world.pass();
  expect(bob.hears).toBe(true);
  expect(events).toEqual(['accepted']);
});

test('no more legs than are likely to answer, and one that refused makes room', async () => {
  const world = await worldWith('direct');
  const legs = [1, 2, 3, 4, 5, 6].map((number) => leg(number));
  const call = await calling(world, ...legs);
  expect(world.alice1.connections).toHaveLength(MAX_PRECONNECTED_LEGS);
  await show(world, call, 3, leg(1), leg(2, 'refused'), ...legs.slice(2));
  expect(world.alice1.connections).toHaveLength(MAX_PRECONNECTED_LEGS);
  expect(offers(world)).toEqual(['bob1 1', 'bob2 2', 'bob3 3', 'bob4 4', 'bob5 5']);
});

test('a leg that was loaded anew is connected to anew; one that is lost for a moment is not', async () => {
  const world = await worldWith('direct');
  const call = await calling(world, leg(1));
  await show(world, call, 3, leg(1, 'lost'));
  await show(world, call, 4, leg(1));
  expect(offers(world)).toEqual(['bob1 1']);
  await show(world, call, 5, leg(1, 'delivered', 2));
  expect(world.alice1.connections).toEqual([]);
  await show(world, call, 6, leg(1, 'alerting', 2));
  expect(offers(world)).toEqual(['bob1 1', 'bob1 2']);
});

test('a call that ends while it rings leaves no connection', async () => {
  const world = await worldWith('direct');
  const call = await calling(world, leg(1), leg(2));
  world.server.show(ended({ ...outgoing, id: call.id, version: 60, reason: 'refused' }));
  await world.pass();
  expect(world.alice1.connections).toEqual([]);
});

test('a leg answers the caller’s offer without a microphone, and nothing is played before the answer', async () => {
  const world = await worldWith('direct');
  await world.incoming();
  const bob = new FarDevice(world);
  await bob.call();
  await world.pass(5000);
  expect(bob.connection.connectionState).toBe('connected');
  expect(world.alice1.tracks).toEqual([]);
  expect(world.alice1.players).toEqual([]);
  expect(world.server.all('connected')).toEqual([]);
});

test('its accept goes on with what is connected', async () => {
  const world = await worldWith('direct');
  const call = await world.incoming();
  const bob = new FarDevice(world);
  await bob.call();
  await world.pass(500);
  const accepting = call.accept();
  await world.pass(20);
  world.server.show(established());
  await world.done(accepting);
  await world.pass(100);
  expect(world.alice1.connections).toHaveLength(1);
  expect(world.alice1.players).toHaveLength(1);
  expect(world.server.all('connected')).toMatchObject([{ call: INCOMING, epoch: 1 }]);
  await world.pass();
  expect(bob.hears).toBe(true);
});

test.each([
  ['the server', 'off', {}],
  ['the app', 'direct', { preconnect: 'off' }],
] as const)(
  'nothing is connected while it rings where %s says so; the offer waits for the accept',
  async (_, policy, options) => {
    const world = await worldWith(policy, options);
    const call = await world.incoming();
    const bob = new FarDevice(world);
    await bob.call();
    await world.pass(500);
    expect([world.alice1.connections, world.server.all('signal')]).toEqual([[], []]);
    const accepting = call.accept();
    await world.pass(20);
    world.server.show(established());
    await world.done(accepting);
    await world.pass(200);
    expect(bob.connection.connectionState).toBe('connected');
    expect(world.server.all('signal')[0]).toMatchObject({
      signal: { description: { type: 'answer' } },
    });
  },
);

test('nor does the caller’s device offer before the answer', async () => {
  const world = await worldWith('off');
  const call = await calling(world, leg(1));
  expect(offers(world)).toEqual([]);
  await answered(world, call, 'bob1');
  expect(offers(world)).toEqual(['bob1 1']);
});

test('relay first: over TURN alone while it rings, by every path once it is answered', async () => {
  const world = await worldWith('relay');
  const call = await calling(world, leg(1));
  const bob = new FarDevice(world, { call: call.id, role: 'answerer' });
  bob.negotiation.start();
  await world.pass(500);
  const [connection] = world.alice1.connections;
  expect([policyOf(connection), bob.connection.connectionState]).toEqual(['relay', 'connected']);
  await bob.talk();
  await answered(world, call, 'bob1');
  expect(world.alice1.connections).toEqual([connection]);
  expect(policyOf(connection)).toBe('all');
  expect(offers(world)).toEqual(['bob1 1', 'bob1 1']);
  expect(bob.hears).toBe(true);
});

test('relay first, answered before the other device was quick enough: its answer brings the other paths', async () => {
  const world = await worldWith('relay');
  const call = await calling(world, leg(1));
  await answered(world, call, 'bob1');
  const [connection] = world.alice1.connections;
  expect(policyOf(connection)).toBe('relay');
  const bob = new FarDevice(world, { call: call.id, role: 'answerer' });
  bob.negotiation.start();
  await world.pass(1000);
  expect(policyOf(connection)).toBe('all');
  expect(bob.connection.connectionState).toBe('connected');
});

test('relay first at the callee alone: it asks for the other paths', async () => {
  const world = await worldWith('relay');
  const call = await world.incoming();
  const bob = new FarDevice(world, { isRinging: true });
  await bob.call();
  await world.pass(500);
  const accepting = call.accept();
  await world.pass(20);
  world.server.show(established());
  // Bob's device learns of the answer after it was asked for the other paths.
  await world.pass(100);
  bob.negotiation.answered();
  await world.done(accepting);
  await world.pass(500);
  expect(policyOf(world.alice1.connections[0])).toBe('all');
  expect(world.server.all('connected')).toMatchObject([{ epoch: 1 }]);
});

test('where media is relayed only it stays so', async () => {
  const world = await worldWith('direct', { relayOnly: true });
  const call = await calling(world, leg(1));
  const bob = new FarDevice(world, { call: call.id, role: 'answerer' });
  bob.negotiation.start();
  await world.pass(500);
  await answered(world, call, 'bob1');
  expect(policyOf(world.alice1.connections[0])).toBe('relay');
  expect(offers(world)).toEqual(['bob1 1']);
});

test('what failed while it rang is not told, and is mended once it is answered', async () => {
  const world = await worldWith('direct');
  const call = await calling(world, leg(1));
  const events = eventsOf(call);
  const bob = new FarDevice(world, { call: call.id, role: 'answerer', isRinging: true });
  bob.negotiation.start();
  await world.pass(500);
  world.media.cut('bob1');
  await world.pass(40_000);
  expect(world.alice1.connections[0]?.connectionState).toBe('failed');
  expect([events, offers(world)]).toEqual([[], ['bob1 1']]);
  world.media.restore('bob1');
  await bob.talk();
  await answered(world, call, 'bob1');
  await world.pass(1000);
  expect(bob.hears).toBe(true);
  expect(world.server.all('connected')).toHaveLength(1);
});

test('an offer that was lost while it rang is said again once it is answered', async () => {
  const world = await worldWith('direct');
  const call = await calling(world, leg(1));
  const bob = new FarDevice(world, { call: call.id, role: 'answerer' });
  await answered(world, call, 'bob1');
  bob.negotiation.start();
  await world.pass(500);
  expect(offers(world)).toEqual(['bob1 1', 'bob1 1']);
});

test('a caller that was loaded anew is connected to anew', async () => {
  const world = await worldWith('direct');
  await world.incoming();
  await new FarDevice(world).call();
  await world.pass(500);
  const [first] = world.alice1.connections;
  world.server.show(ringing({ version: 3, epoch: 2 }));
  await world.pass();
  const bob = new FarDevice(world, { epoch: 2 });
  await bob.call();
  await world.pass(500);
  expect(first?.connectionState).toBe('closed');
  expect(bob.connection.connectionState).toBe('connected');
});
