import { createHmac } from 'node:crypto';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { iceServers } from '../../src/ice/ice-servers.ts';
import type { IceSettings } from '../../src/ice/ice-servers.ts';
import { CALL, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';

const SECRET = 'a secret that coturn knows too';
const SETTINGS: IceSettings = {
  stunUrls: ['stun:turn.test'],
  turn: { urls: ['turn:turn.test', 'turns:turn.test'], secret: SECRET, ttlSeconds: 600 },
  relayOnly: false,
  preconnect: 'relay',
};

function cluster(): TestCluster {
  const clock = new VirtualClock();
  return new TestCluster({ clock, iceServers: iceServers(SETTINGS, clock) });
}

function credentialOf(user: string) {
  const [, turn] = iceServers(SETTINGS, new VirtualClock({ startAt: 1_000_500 }))(user).servers;
  return turn;
}

test('[ICE1] the welcome brings the servers and the policy', async () => {
  const world = cluster();
  const alice = await world.device(await world.node(), 'alice', 'alice1');
  const expiry = Math.floor(world.clock.now() / 1000) + 600;
  expect(alice.welcome?.ice).toMatchObject({
    servers: [
      { urls: ['stun:turn.test'] },
      { urls: ['turn:turn.test', 'turns:turn.test'], username: `${expiry}:alice` },
    ],
    expiresMs: 600_000,
    relayOnly: false,
    preconnect: 'relay',
  });
});

test('[ICE1] a device that asks later is given credentials that last from then', async () => {
  const world = cluster();
  const alice = await world.device(await world.node(), 'alice', 'alice1');
  await world.clock.advanceAsync(20_000);
  const seq = alice.ask({ type: 'renew-ice' });
  await world.settle();
  const first = alice.welcome?.ice?.servers[1]?.username;
  const answer = alice.answerTo(seq);
  expect(answer).toMatchObject({ type: 'ice-renewed', ice: { expiresMs: 600_000 } });
  const second = answer?.type === 'ice-renewed' ? answer.ice.servers[1]?.username : undefined;
  expect(parseInt(second ?? '') - parseInt(first ?? '')).toBe(20);
});

test('[ICE2] the credential is what the TURN server computes', () => {
  const turn = credentialOf('alice');
  expect(turn?.username).toBe('1600:alice');
  const credential = createHmac('sha1', SECRET).update('1600:alice').digest('base64');
  expect(turn?.credential).toBe(credential);
});

test.each([
  ['a:b', '1600:a%3Ab'],
  ['小明', '1600:%E5%B0%8F%E6%98%8E'],
  ['alice@example.com', '1600:alice%40example.com'],
])('[ICE2] the user %s is encoded as %s', (user, username) => {
  expect(credentialOf(user)?.username).toBe(username);
});

test('[ICE2] the longest user id makes a name that STUN can carry', () => {
  expect(credentialOf('é'.repeat(32))?.username?.length).toBeLessThanOrEqual(512);
});

test('[ICE3] an expired token is given no ICE servers', async () => {
  const world = cluster();
  const node = await world.node();
  const { alice } = await established(world, node);
  const resumeKey = alice.welcome?.resumeKey;
  alice.wire.drop();
  await world.settle();
  const calls = [{ id: CALL, version: 1 }];
  const back = await world.device(node, 'alice until 5', 'alice1', { resumeKey, calls });
  expect(back.welcome).toBeDefined();
  expect(back.welcome?.ice).toBeUndefined();
  const seq = back.ask({ type: 'renew-ice' });
  await world.settle();
  expect(back.answerTo(seq)).toMatchObject({ code: 'forbidden' });
});

test('[ICE5] without settings a device reaches others by itself, and connects nothing early', async () => {
  const world = new TestCluster();
  const alice = await world.device(await world.node(), 'alice', 'alice1');
  expect(alice.welcome?.ice).toEqual({ servers: [], relayOnly: false, preconnect: 'off' });
});
