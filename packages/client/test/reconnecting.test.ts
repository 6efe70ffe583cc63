import { CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { LASTED_MS } from '../src/timing.ts';
import { codeOf, connected, World } from './support/world.ts';

/** A device whose server was away until the pauses were the longest, at the moment at which it is welcomed again. */
async function backAfterLong(): Promise<World> {
  const world = await connected();
  world.server.dropFor(100_000);
  await world.pass(1_000);
  await world.connect();
  return world;
}

/** A device that was asked to leave, has said hello elsewhere without an answer yet, and is asked once more. */
async function askedTwice(): Promise<World> {
  const world = await connected();
  world.server.silentOn.add('hello');
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass(200);
  world.server.say({ type: 'leaving', afterMs: 2_000 }, world.server.sockets[0]);
  await world.pass(200);
  return world;
}

const hellos = ({ server }: World): number => server.all('hello').length;

test('[CON11] a server that closes right after its welcome is asked as seldom as one that takes nobody', async () => {
  const world = await connected();
  world.server.endsWith = CLOSE.internal.code;
  world.server.close(CLOSE.internal.code);
  await world.pass(60_000);
  const early = hellos(world);
  await world.pass(300_000);
  const late = hellos(world) - early;
  expect(early).toBeGreaterThan(5);
  expect(early).toBeLessThan(11);
  expect(late).toBeGreaterThan(8);
  expect(late).toBeLessThan(21);
});

test.each([
  [LASTED_MS, 'connected'],
  [LASTED_MS - 1, 'reconnecting'],
])('[CON11] a second after a connection that lasted %i ms the device is %s', async (ms, state) => {
  const world = await backAfterLong();
  await world.pass(ms);
  world.server.wire.drop();
  await world.pass(1_000);
  expect(world.client.connectionState).toBe(state);
});

test('[CON11] who is asked to leave right after the welcome does it when asked', async () => {
  const world = await backAfterLong();
  world.server.say({ type: 'leaving', afterMs: 1_000 });
  await world.pass(1_100);
  expect(hellos(world)).toBe(3);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON11] and looks for a server at once if the others refused it until its own went', async () => {
  const world = await backAfterLong();
  world.server.isReachable = false;
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass(3_000);
  world.server.isReachable = true;
  world.server.sockets.at(-1)?.close(CLOSE.leaving.code, '');
  await world.pass(1_000);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON12] the pause that 4429 asks for stands when the server that is left goes', async () => {
  const world = await connected();
  world.server.turnAwayWith = CLOSE.rateLimited.code;
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass(200);
  expect(hellos(world)).toBe(2);
  world.server.turnAwayWith = undefined;
  world.server.sockets[0]?.close(CLOSE.leaving.code, '');
  await world.pass(3_500);
  expect(hellos(world)).toBe(2);
  expect(world.client.connectionState).toBe('reconnecting');
  await world.pass(5_000);
  expect(world.client.connectionState).toBe('connected');
});

test.each(['wake', 'changeNetwork'] as const)(
  '[CON12] and when the page or the network comes back (%s)',
  async (comesBack) => {
    const world = await connected();
    world.server.close(CLOSE.rateLimited.code);
    await world.pass(500);
    world[comesBack]();
    await world.pass(3_000);
    expect(hellos(world)).toBe(1);
    await world.pass(5_000);
    expect(world.client.connectionState).toBe('connected');
  },
);

test.each(['wake', 'changeNetwork', undefined] as const)(
  '[CON12] who loses its server before the time at which it was asked to go looks for another at once (%s)',
  async (comesBack) => {
    const world = await connected();
    world.server.say({ type: 'leaving', afterMs: 25_000 });
    await world.pass(2_000);
    if (comesBack) {
      // The socket is dead, and nobody says so.
      world.server.silentOn.add('heartbeat');
      world[comesBack]();
    } else world.server.wire.drop();
    await world.pass(6_000);
    world.server.silentOn.clear();
    await world.pass(2_000);
    expect(world.client.connectionState).toBe('connected');
    await world.pass(20_000);
    expect(world.server.wires).toHaveLength(2);
  },
);

test('[CON12] a server that closes before the time is left in peace until then, but by a page that comes back or a device in a call', async () => {
  const world = await connected();
  world.server.say({ type: 'leaving', afterMs: 25_000 });
  await world.pass();
  world.server.close(CLOSE.leaving.code);
  await world.pass(20_000);
  expect(world.server.wires).toHaveLength(1);
  world.wake();
  await world.pass(1_000);
  expect(world.client.connectionState).toBe('connected');
  await world.incoming();
  world.server.say({ type: 'leaving', afterMs: 25_000 });
  await world.pass();
  world.server.close(CLOSE.leaving.code);
  await world.pass(2_000);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON12] 4429 asks for its own pause, also of a device that was asked to go at once', async () => {
  const world = await connected();
  world.server.say({ type: 'leaving', afterMs: 1_000 });
  await world.pass();
  world.server.close(CLOSE.rateLimited.code);
  await world.pass(3_500);
  expect(hellos(world)).toBe(1);
  await world.pass(5_000);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON13] a token that comes once the server has gone opens no socket beside the one that is planned', async () => {
  const waiting: ((token: string) => void)[] = [];
  const slow = () => new Promise<string>((give) => void waiting.push(give));
  let given = 0;
  const world = new World({ tokenProvider: () => (given++ === 0 ? 'token 1' : slow()) });
  world.server.welcome = { tokenExpiresMs: 1_000 };
  await world.connect();
  await world.pass(1_500);
  world.server.say({ type: 'leaving', afterMs: 0 });
  await world.pass();
  world.server.close(CLOSE.internal.code);
  await world.pass(50);
  world.server.silentOn.add('hello');
  for (const give of waiting) give('token 2');
  await world.pass(2_000);
  expect(world.server.wires).toHaveLength(2);
  world.server.greet();
  await world.pass();
  expect(world.client.connectionState).toBe('connected');
});

test('[CON13] who is asked to leave once more, and is welcomed elsewhere before it would, stays there', async () => {
  const world = await askedTwice();
  world.server.greet();
  await world.pass(5_000);
  expect(world.server.wires).toHaveLength(2);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON13] nor does it ask a third when its own goes before the second has answered', async () => {
  const world = await askedTwice();
  world.server.sockets[0]?.close(CLOSE.leaving.code, '');
  await world.pass(5_000);
  expect(world.server.wires).toHaveLength(2);
  world.server.greet();
  await world.pass();
  expect(world.client.connectionState).toBe('connected');
});

test('[CON14] a provider that does not answer is asked again when the network comes back', async () => {
  let asked = 0;
  const never = new Promise<string>(() => {});
  const world = await connected({
    tokenProvider: () => (++asked === 2 ? never : `token ${asked}`),
  });
  world.server.close(CLOSE.unauthorized.code);
  await world.pass(60_000);
  expect(world.client.connectionState).toBe('reconnecting');
  world.changeNetwork();
  await world.pass(200);
  expect(world.server.last('hello').token).toBe('token 3');
  expect(world.client.connectionState).toBe('connected');
});

test('[CON15] who disconnects when its call ends with the welcome stays disconnected', async () => {
  const world = await connected();
  const states: string[] = [];
  world.client.on('connectionChanged', ({ state }) => states.push(state));
  const call = await world.incoming();
  call.on('ended', () => world.client.disconnect());
  world.server.welcome = { gone: [call.id] };
  world.server.wire.drop();
  await world.pass(2_000);
  expect(states).toEqual(['reconnecting', 'disconnected']);
  expect(world.client.connectionState).toBe('disconnected');
  expect(world.server.closes).toEqual([1006, 1000]);
});

test('[CON15] who disconnects when told that it is connecting opens nothing', async () => {
  const world = new World();
  world.client.once('connectionChanged', () => world.client.disconnect());
  expect(await world.done(codeOf(world.client.connect()))).toBe('not-connected');
  await world.pass(2_000);
  expect(world.client.connectionState).toBe('disconnected');
  expect(world.server.wires).toHaveLength(0);
});

test('[CON16] a socket that cannot be made is tried again, and nothing is waited for in its place', async () => {
  let isForbidden = true;
  const world: World = new World({
    openSocket: (_url, events) => {
      if (isForbidden)
        throw new Error('an insecure WebSocket may not be opened from a page over https');
      return world.server.connect(events);
    },
  });
  const connecting = world.client.connect();
  await world.pass(15_000);
  isForbidden = false;
  await world.done(connecting);
  expect(world.server.wires).toHaveLength(1);
});

test('[CON17] a phone whose network and page come back at once finds its socket dead as soon as by its network alone', async () => {
  const world = await connected();
  world.server.wire.cut();
  world.changeNetwork();
  await world.pass(500);
  world.wake();
  await world.pass(1_500);
  expect(world.server.wires).toHaveLength(2);
  expect(world.client.connectionState).toBe('connected');
});

test('[CON18] who connects again when it is told that it was turned away is told what comes of that', async () => {
  const world = new World();
  world.server.turnAwayWith = CLOSE.unauthorized.code;
  const again = new Promise<void>((resolve, reject) => {
    world.client.once('connectionChanged', () => {
      world.client.once('connectionChanged', () => {
        world.server.turnAwayWith = undefined;
        world.client.connect().then(resolve, reject);
      });
    });
  });
  expect(await world.done(codeOf(world.client.connect()))).toBe('unauthorized');
  await world.done(again);
  expect(world.client.connectionState).toBe('connected');
});
