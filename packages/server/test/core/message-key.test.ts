import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { VirtualClock } from '@ringline/testkit';
import { aliceAndBob } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const KEY = 'order 17 is here';

/** Sends it, and gives the number under which it is answered. */
function send(from: TestDevice, to = 'bob', text = 'hi', key = KEY): number {
  return from.ask({ type: 'send', to, body: { kind: 'text', text }, key });
}

const texts = (device: TestDevice) =>
  device.items.map(({ body }) => (body.kind === 'text' ? body.text : body.kind));

test('[INB21] a key that was used is answered as the first time, whatever the text, from any device', async () => {
  const cluster = new TestCluster();
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const { alice, bob } = await aliceAndBob(cluster, ...nodes);
  const tablet = await cluster.device(nodes[1], 'alice', 'alice2');
  const first = send(alice);
  await cluster.settle();
  const sent = alice.answerTo(first);
  await cluster.clock.advanceAsync(60_000);
  const second = send(alice, 'bob', 'hi again');
  const third = send(tablet);
  await cluster.settle();
  expect(sent).toMatchObject({ type: 'sent', at: expect.any(Number) });
  expect(alice.answerTo(second)).toEqual({ ...sent, re: second });
  expect(tablet.answerTo(third)).toEqual({ ...sent, re: third });
  for (const device of [alice, tablet, bob]) expect(texts(device)).toEqual(['hi']);
  expect(bob.items[0]).not.toHaveProperty('key');
});

test('[INB21] of two devices that send with one key at once one does, and both are answered with it', async () => {
  const clock = new VirtualClock();
  const settle = () => new Promise<void>((resolve) => void clock.after(1, resolve));
  const cluster = new TestCluster({ clock, store: new MemoryStore(settle) });
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const alice = await cluster.device(nodes[0], 'alice', 'alice1');
  const tablet = await cluster.device(nodes[1], 'alice', 'alice2');
  const bob = await cluster.device(nodes[0], 'bob', 'bob1');
  await clock.advanceAsync(100);
  const [one, two] = [send(alice), send(tablet)];
  await clock.advanceAsync(100);
  const sent = alice.answerTo(one);
  expect(sent).toMatchObject({ type: 'sent' });
  expect(tablet.answerTo(two)).toEqual({ ...sent, re: two });
  expect(texts(bob)).toEqual(['hi']);
});

test('[INB21] to another user the key is refused, and of another user it is another key', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  send(alice);
  await cluster.settle();
  const toCarol = send(alice, 'carol');
  const back = send(bob, 'alice', 'hi back');
  const other = send(alice, 'bob', 'second', 'another key');
  await cluster.settle();
  expect(alice.answerTo(toCarol)).toMatchObject({ code: 'malformed', path: 'key' });
  expect([bob.answerTo(back)?.type, alice.answerTo(other)?.type]).toEqual(['sent', 'sent']);
  expect(texts(alice).toSorted()).toEqual(['hi', 'hi back', 'second']);
  expect(await cluster.store.inboxHead('carol')).toBe(0);
});

test('[INB21] the key is forgotten with its message', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  send(alice);
  await cluster.settle();
  await cluster.store.removeOlder(cluster.clock.now() + 1, 9);
  send(alice, 'bob', 'anew');
  await cluster.settle();
  expect(texts(bob)).toEqual(['hi', 'anew']);
});
