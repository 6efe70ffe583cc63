import { expect, test } from 'vitest';
import { eventually, expectFlow } from '../src/device.ts';
import type { Device } from '../src/device.ts';
import type { Network } from '../src/network.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

/** A loss is seen within two pings of 5 s, a caller's grace is 8 s; the machine is busy. */
const LOSS_AND_GRACE_MS = 90_000;
/** It rings on while a page is cut off, however busy the machine is, and stops before the test is tired of waiting. */
const RING_MS = 20_000;
/** The longest: until somebody who is lost is back. */
const LONG_RING_MS = 120_000;

async function connectedPair(): Promise<[Device, Device]> {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'video' });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
  return [alice, bob];
}

async function loseServer(...devices: readonly Device[]): Promise<void> {
  await scene.server.kill();
  await Promise.all(
    devices.map((device) => eventually(() => device.connection()).toBe('reconnecting')),
  );
}

async function regainServer(...devices: readonly Device[]): Promise<void> {
  await scene.server.restart();
  await Promise.all(
    devices.map((device) => eventually(() => device.connection()).toBe('connected')),
  );
}

test('the server is killed while it rings: it rings on after the restart and is answered', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  await loseServer(alice, bob);
  await bob.sees({ state: 'ringing' });
  await regainServer(alice, bob);
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
  await expectFlow(alice.page, 'audio');
  await alice.end();
  await bob.sees({ endReason: 'completed' });
});

test('cancelled while the server is away, the call is over for the callee after the restart', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  await loseServer(alice, bob);
  expect(await alice.cancel()).toBe('done');
  await alice.sees({ state: 'ended', endReason: 'cancelled' });
  await regainServer(alice, bob);
  await bob.sees({ state: 'ended', endReason: 'cancelled' });
});

test(
  'the server is killed in a call: sound and picture go on, and the call ends properly',
  { tags: ['telling'] },
  async () => {
    const [alice, bob] = await connectedPair();
    await loseServer(alice, bob);
    await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
    await Promise.all([alice, bob].map((device) => device.sees({ state: 'established' })));
    await regainServer(alice, bob);
    await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
    await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
    expect(await bob.end()).toBe('done');
    await alice.sees({ state: 'ended', endReason: 'completed' });
    for (const device of [alice, bob]) {
      await eventually(() => device.records()).toMatchObject([
        { status: 1, reason: 'completed', type: 'video', endedBy: bob.user },
      ]);
    }
  },
);

test('hung up while the server is away, the call is over on both sides after the restart', async () => {
  const [alice, bob] = await connectedPair();
  await loseServer(alice, bob);
  expect(await alice.end()).toBe('done');
  await alice.sees({ state: 'ended', endReason: 'completed' });
  await regainServer(alice, bob);
  await bob.sees({ state: 'ended', endReason: 'completed' });
});

test('hung up while the server is away and the page loaded anew: the call does not come back', async () => {
  const [alice, bob] = await connectedPair();
  await loseServer(alice, bob);
  expect(await alice.end()).toBe('done');
  await alice.page.reload();
  await regainServer(bob);
  await alice.connect(await scene.rest.token(alice.user));
  await bob.sees({ state: 'ended', endReason: 'completed' });
  expect(await alice.devicesUsed()).toMatchObject({ asked: 0, live: [] });
});

async function cut(device: Device, network: Network): Promise<void> {
  network.cut();
  await device.context.setOffline(true);
}

async function heal(device: Device, network: Network): Promise<void> {
  network.heal();
  await device.context.setOffline(false);
}

test('the callee is off the network while it rings, comes back and answers', async () => {
  const network = await scene.network();
  const [alice] = await scene.devices('alice');
  const bob = await scene.deviceOn(network, 'bob');
  await alice.call(bob, { ringTimeoutMs: LONG_RING_MS });
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  await cut(bob, network);
  await alice.sees({ legs: ['lost'] }, LOSS_AND_GRACE_MS);
  await bob.sees({ state: 'ringing' });
  await heal(bob, network);
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
  await alice.end();
  await bob.sees({ endReason: 'completed' });
});

test('cancelled while the callee is off the network, it stops ringing when it is back', async () => {
  const network = await scene.network();
  const [alice] = await scene.devices('alice');
  const bob = await scene.deviceOn(network, 'bob');
  await alice.call(bob);
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  await cut(bob, network);
  expect(await alice.cancel()).toBe('done');
  await bob.sees({ state: 'ringing' });
  await heal(bob, network);
  await bob.sees({ state: 'ended', endReason: 'cancelled' });
});

test('the callee is off the network when the ring time ends: it stops by itself', async () => {
  const network = await scene.network();
  const [alice] = await scene.devices('alice');
  const bob = await scene.deviceOn(network, 'bob');
  await alice.call(bob, { ringTimeoutMs: RING_MS });
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  await cut(bob, network);
  await bob.sees({ state: 'ended', endReason: 'expired' });
  await alice.sees({ endReason: 'no-answer' });
  expect(await scene.rest.records(bob.user)).toMatchObject([{ status: 4, reason: 'no-answer' }]);
});

test('the page of the caller is closed while it rings: the ringing stops', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await bob.sees({ state: 'ringing' });
  await alice.page.close();
  await bob.sees({ state: 'ended', endReason: 'lost' }, LOSS_AND_GRACE_MS);
  const [record] = await scene.rest.records(bob.user);
  expect(record).toMatchObject({ status: 2, reason: 'connection-lost', durations: [] });
});

test(
  'a page loaded anew in a call takes it up again, with sound and picture both ways',
  { tags: ['telling'] },
  async () => {
    const [alice, bob] = await connectedPair();
    await bob.page.reload();
    await bob.connect(await scene.rest.token(bob.user));
    await bob.sees({ state: 'established', restored: true, connection: 'connected' });
    await alice.sees({ connection: 'connected' });
    await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
    await bob.end();
    await alice.sees({ state: 'ended', endReason: 'completed' });
  },
);
