import type { IceConfig, SendSignal } from '@ringline/protocol';
import type { FakePeerConnection } from '@ringline/testkit';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Call, ClientOptions } from '../src/index.ts';
import { Ice } from '../src/negotiation/ice.ts';
import type { IceOptions } from '../src/negotiation/ice.ts';
import { Requests } from '../src/signalling/requests.ts';
import { turn } from './support/ice.ts';
import { established } from './support/views.ts';
import { World } from './support/world.ts';

const MINUTE = 60_000;

async function worldWith(ice: IceConfig, options: Partial<ClientOptions> = {}): Promise<World> {
  const world = new World(options);
  world.server.welcome = { ice };
  await world.connect();
  return world;
}

/** Alice calls bob, who has answered: her device makes a connection and offers. */
async function calling(world: World): Promise<Call> {
  const call = await world.outgoing();
  const peer = { user: 'bob' };
  world.server.show(established({ id: call.id, direction: 'outgoing', peer }));
  await world.pass();
  return call;
}

function connectionOf(world: World): FakePeerConnection {
  const [connection] = world.alice1.connections;
  if (connection === undefined) throw new Error('there is no peer connection');
  return connection;
}

function usernames(world: World): (string | undefined)[] {
  return (connectionOf(world).configuration.iceServers ?? []).map(({ username }) => username);
}

function candidatesOf(world: World): string[] {
  return world.server
    .all('signal')
    .flatMap(({ signal }: SendSignal) =>
      signal.kind === 'candidate' ? [signal.candidate.candidate] : [],
    );
}

const types = (lines: string[]) => lines.map((line) => / typ (\S+)/.exec(line)?.[1]);

test('a connection is made with the servers of the welcome', async () => {
  const world = await worldWith(turn('first'));
  await calling(world);
  expect(usernames(world)).toEqual(['first']);
  expect(types(candidatesOf(world))).toEqual(['host', 'relay']);
});

test('the app’s own servers come beside them, and count where both name an address', async () => {
  const servers = [{ urls: ['stun:stun.test', 'turn:turn.test'], username: 'theirs' }];
  const own = { urls: 'turn:turn.test', username: 'own' };
  const world = await worldWith(turn('x', { servers }), { iceServers: [own] });
  await calling(world);
  expect(connectionOf(world).configuration.iceServers).toEqual([
    own,
    { urls: ['stun:stun.test'], username: 'theirs' },
  ]);
});

test('sound and picture go one way, so that each relay is asked for one port', async () => {
  const world = await worldWith(turn('x'));
  await calling(world);
  expect(connectionOf(world).configuration.bundlePolicy).toBe('max-bundle');
});

test('where media is relayed only, nothing else is gathered, and nothing else is sent', async () => {
  const world = await worldWith(turn('first', { relayOnly: true }));
  await calling(world);
  const connection = connectionOf(world);
  expect(connection.configuration.iceTransportPolicy).toBe('relay');
  const candidate = 'candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host';
  connection.onicecandidate?.({ candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0 } });
  await world.pass();
  expect(types(candidatesOf(world))).toEqual(['relay']);
});

test.each([
  { server: 'relay', app: undefined, is: 'relay' },
  { server: 'direct', app: 'relay', is: 'relay' },
  { server: 'relay', app: 'direct', is: 'relay' },
  { server: 'off', app: 'direct', is: 'off' },
  { server: 'direct', app: 'off', is: 'off' },
] as const)(
  'the stricter word on preconnecting holds: $server by the server, $app by the app',
  ({ server, app, is }) => {
    expect(iceOf(turn('x', { preconnect: server }), { ...(app && { preconnect: app }) })).toEqual({
      relayOnly: false,
      preconnect: is,
    });
  },
);

test.each([
  { server: true, app: false },
  { server: false, app: true },
])('relayed only by the server: $server, by the app: $app; either is enough', ({ server, app }) => {
  const config = turn('x', { relayOnly: server, preconnect: 'direct' });
  expect(iceOf(config, { relayOnly: app })).toEqual({ relayOnly: true, preconnect: 'relay' });
});

test('without a word of the server nothing is connected early', () => {
  expect(iceOf(undefined)).toEqual({ relayOnly: false, preconnect: 'off' });
});

function iceOf(config: IceConfig | undefined, options: IceOptions = {}) {
  const clock = new VirtualClock();
  const ice = new Ice({ clock, requests: new Requests(clock), isConnected: () => true }, options);
  ice.learn(config);
  const { relayOnly, preconnect } = ice;
  return { relayOnly, preconnect };
}

test('in a long call the credentials are renewed before they expire', async () => {
  const world = await worldWith(turn('first'));
  await calling(world);
  world.server.answers.set('renew-ice', { type: 'ice-renewed', ice: turn('second') });
  await world.pass(8.9 * MINUTE);
  expect(world.server.all('renew-ice')).toHaveLength(0);
  await world.pass(0.2 * MINUTE);
  expect(world.server.all('renew-ice')).toHaveLength(1);
  await world.pass(9 * MINUTE);
  expect(world.server.all('renew-ice')).toHaveLength(2);
});

/** Alone with a server that answers `renew-ice` as told. */
class Asking {
  readonly clock = new VirtualClock();
  readonly requests = new Requests(this.clock);
  readonly ice: Ice;
  asked = 0;
  isConnected = true;
  answer: IceConfig | undefined = turn('second');

  constructor() {
    const isConnected = () => this.isConnected;
    this.ice = new Ice({ clock: this.clock, requests: this.requests, isConnected }, {});
    this.ice.learn(turn('first'));
    this.requests.resume(0, ({ seq }) => {
      this.asked++;
      const { answer } = this;
      if (answer) this.requests.receive({ type: 'ice-renewed', re: seq, ice: answer });
    });
  }

  get username(): string | undefined {
    return this.ice.configuration(false).iceServers[0]?.username;
  }
}

test('credentials that last are not asked for again', async () => {
  const { ice, clock, ...asking } = new Asking();
  await clock.untilSettled(ice.refresh());
  expect(asking.asked).toBe(0);
});

test('without signalling a path is looked for with what there is', async () => {
  const asking = new Asking();
  asking.isConnected = false;
  await asking.clock.advanceAsync(20 * MINUTE);
  await asking.clock.untilSettled(asking.ice.refresh());
  expect([asking.asked, asking.username]).toEqual([0, 'first']);
  asking.isConnected = true;
  await asking.clock.untilSettled(asking.ice.refresh());
  expect([asking.asked, asking.username]).toEqual([1, 'second']);
});

test('a server that does not answer delays a path by no more than two seconds', async () => {
  const asking = new Asking();
  asking.answer = undefined;
  await asking.clock.advanceAsync(9 * MINUTE + 1);
  const { clock } = asking;
  await clock.advanceAsync(20_000);
  const before = clock.now();
  await clock.untilSettled(asking.ice.refresh());
  expect(clock.now() - before).toBeLessThanOrEqual(2_000);
  expect(asking.username).toBe('first');
});

test('what could not be renewed is tried again', async () => {
  const asking = new Asking();
  asking.answer = undefined;
  await asking.clock.advanceAsync(9 * MINUTE + 10_000);
  asking.answer = turn('second');
  await asking.clock.advanceAsync(MINUTE);
  expect(asking.username).toBe('second');
});

test('a client that has disconnected renews nothing', async () => {
  const world = await worldWith(turn('first'));
  world.client.disconnect();
  await world.pass(30 * MINUTE);
  expect(world.server.all('renew-ice')).toHaveLength(0);
});
