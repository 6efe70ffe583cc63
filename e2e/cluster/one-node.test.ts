import { ServerCluster } from '@ringline/proofs';
import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

/** A node is counted as dead within 13 s, a caller’s grace is 8 s; the machine is busy. */
const LEASE_AND_GRACE_MS = 90_000;

function cluster(): ServerCluster {
  const { server } = scene;
  if (server instanceof ServerCluster) return server;
  throw new Error('one process: run this with `npm run prove:browsers-cluster`');
}

/** Alice and Bob, each on a node of its own. */
async function apart() {
  const [alice] = await scene.devices('alice');
  const nodeOfAlice = cluster().newest;
  const [bob] = await scene.devices('bob');
  expect(cluster().newest).not.toBe(nodeOfAlice);
  return { alice, bob, nodeOfAlice, nodeOfBob: cluster().newest };
}

async function talk(alice: Device, bob: Device): Promise<void> {
  await alice.call(bob);
  await bob.sees({ state: 'ringing', direction: 'incoming' });
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice, bob].map((device) => device.sees({ connection: 'connected' })));
}

async function hearEachOther(...devices: readonly Device[]): Promise<void> {
  await Promise.all(devices.map((device) => expectFlow(device.page, 'audio')));
}

test('three devices are on three nodes', { tags: ['telling'] }, async () => {
  scene.calls = 0;
  await scene.devices('alice', 'bob1', 'bob2');
  expect(cluster().devices).toEqual([1, 1, 1]);
});

test(
  'the caller’s node is killed in a call: the page comes back at another, and the call ends properly',
  { tags: ['telling'] },
  async () => {
    const { alice, bob, nodeOfAlice } = await apart();
    await talk(alice, bob);
    await nodeOfAlice.kill();
    await eventually(() => cluster().newest === nodeOfAlice).toBe(false);
    await eventually(() => alice.connection()).toBe('connected');
    await hearEachOther(alice, bob);
    expect(await bob.connection()).toBe('connected');
    expect(await bob.end()).toBe('done');
    await alice.sees({ state: 'ended', endReason: 'completed' });
    await nodeOfAlice.restart();
  },
);

test(
  'the callee’s node is killed while it rings: it rings on, and is answered over another',
  { tags: ['telling'] },
  async () => {
    const { alice, bob, nodeOfBob } = await apart();
    await alice.call(bob);
    await alice.sees({ state: 'ringing', legs: ['alerting'] });
    await nodeOfBob.kill();
    await eventually(() => cluster().newest === nodeOfBob).toBe(false);
    await eventually(() => bob.connection()).toBe('connected');
    await bob.sees({ state: 'ringing' });
    expect(await bob.accept()).toBe('done');
    await hearEachOther(alice, bob);
    expect(await alice.end()).toBe('done');
    await bob.sees({ state: 'ended', endReason: 'completed' });
    await nodeOfBob.restart();
  },
);

test('the caller’s page and its node are gone at once while it rings: the ringing stops when lease and grace are over', async () => {
  const { alice, bob, nodeOfAlice } = await apart();
  await alice.call(bob);
  await bob.sees({ state: 'ringing', direction: 'incoming' });
  await Promise.all([nodeOfAlice.kill(), alice.page.close()]);
  await bob.sees({ state: 'ended', endReason: 'lost' }, LEASE_AND_GRACE_MS);
  expect(await bob.connection()).toBe('connected');
  await nodeOfAlice.restart();
});

test(
  'the caller’s node is shut down in a call: the page goes to another, and nobody notices',
  { tags: ['telling'] },
  async () => {
    const { alice, bob, nodeOfAlice } = await apart();
    await talk(alice, bob);
    await nodeOfAlice.shutDown();
    await eventually(() => alice.connection()).toBe('connected');
    await hearEachOther(alice, bob);
    expect(await alice.end()).toBe('done');
    await bob.sees({ state: 'ended', endReason: 'completed' });
    await nodeOfAlice.restart();
  },
);
