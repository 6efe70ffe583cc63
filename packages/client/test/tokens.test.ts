import { CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { codeOf, connected, World } from './support/world.ts';

/** Gives a new token each time: token 1, token 2 … */
function provider() {
  let given = 0;
  return { tokenProvider: () => Promise.resolve(`token ${++given}`) };
}

test('a provider is asked for the first token, and not again while it is good', async () => {
  const world = await connected(provider());
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.all('hello').map(({ token }) => token)).toEqual(['token 1', 'token 1']);
});

test('a token is renewed a minute before its end', async () => {
  const world = new World(provider());
  world.server.welcome = { tokenExpiresMs: 600_000 };
  await world.connect();
  await world.pass(539_000);
  expect(world.server.all('renew-token')).toEqual([]);
  await world.pass(2000);
  expect(world.server.last('renew-token').token).toBe('token 2');
});

test('a short-lived token is renewed after half its life, and every one after it too', async () => {
  const world = new World(provider());
  world.server.welcome = { tokenExpiresMs: 20_000 };
  world.server.answers.set('renew-token', { type: 'done', tokenExpiresMs: 60_000 });
  await world.connect();
  await world.pass(10_500);
  expect(world.server.all('renew-token')).toHaveLength(1);
  await world.pass(30_500);
  expect(world.server.all('renew-token')).toHaveLength(2);
});

test('a provider that fails is asked again, and the connection lives on', async () => {
  let asked = 0;
  const tokenProvider = () => {
    if (++asked === 2) throw new Error('the backend is away');
    return `token ${asked}`;
  };
  const world = new World({ tokenProvider });
  world.server.welcome = { tokenExpiresMs: 120_000 };
  await world.connect();
  await world.pass(61_000);
  expect(world.server.all('renew-token')).toEqual([]);
  await world.pass(31_000);
  expect(world.server.last('renew-token').token).toBe('token 3');
  expect(world.client.connectionState).toBe('connected');
});

test('a token that the server turns away is replaced once', async () => {
  const world = await connected(provider());
  world.server.close(CLOSE.unauthorized.code);
  await world.pass(2000);
  expect(world.server.all('hello').at(-1)?.token).toBe('token 2');
  expect(world.client.connectionState).toBe('connected');
});

test('a token is replaced each time that the server turns one away which it had taken', async () => {
  const world = await connected(provider());
  for (const token of ['token 2', 'token 3']) {
    world.server.close(CLOSE.unauthorized.code);
    await world.pass(2000);
    expect(world.server.all('hello').at(-1)?.token).toBe(token);
  }
});

test('when the fresh token is turned away too, it is over', async () => {
  const world = new World(provider());
  world.server.turnAwayWith = CLOSE.unauthorized.code;
  expect(await world.done(codeOf(world.client.connect()))).toBe('unauthorized');
  expect(world.server.wires).toHaveLength(2);
});

test('an expired token does not keep a device from coming back to its call', async () => {
  const world = new World();
  world.server.welcome = { tokenExpiresMs: 1000 };
  await world.connect();
  const call = await world.incoming();
  await world.pass(5000);
  world.server.wire.drop();
  await world.pass(2000);
  expect(world.server.last('hello')).toMatchObject({
    token: 'token of alice',
    resumeKey: 'resume',
    calls: [{ id: call.id }],
  });
  expect(call.state).toBe('inviting');
});

test('a provider that fails at first is asked again until the time is over', async () => {
  const world = new World({
    tokenProvider: () => Promise.reject(new Error('the backend is away')),
    connectTimeoutMs: 5000,
  });
  const failing = world.client.connect();
  expect(await world.done(codeOf(failing))).toBe('timeout');
  await expect(failing).rejects.toHaveProperty('cause.message', 'the backend is away');
});
