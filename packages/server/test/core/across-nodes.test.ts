import { expect, test } from 'vitest';
import { PRESENCE_SETTLE_MS } from '../../src/presence/watched-users.ts';
import { CALL, established, ringing } from '../support/calls.ts';
import { RecordingVoice } from '../support/recording-voice.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** Three nodes, each with a voice of its own. */
async function threeVoices() {
  const cluster = new TestCluster();
  const voices = [new RecordingVoice(), new RecordingVoice(), new RecordingVoice()] as const;
  const nodes = [
    await cluster.node({ voice: voices[0] }),
    await cluster.node({ voice: voices[1] }),
    await cluster.node({ voice: voices[2] }),
  ] as const;
  const listening = () => voices.map(({ playing }) => playing);
  return { cluster, voices, nodes, listening };
}

function offers({ heard }: TestDevice): readonly string[] {
  return heard.flatMap((message) => (message.type === 'voice-offered' ? message.prompt : []));
}

test('[VCE11] each device hears the voice of the node that has its socket, wherever the other side is', async () => {
  const { cluster, voices, nodes, listening } = await threeVoices();
  const { alice, bob } = await established(cluster, nodes[0], nodes[1]);
  alice.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  expect(listening()).toEqual([[], ['hold'], []]);
  voices[1].last.events.offered('an offer');
  await cluster.settle();
  expect([offers(alice), offers(bob)]).toEqual([[], ['hold']]);
  bob.ask({ type: 'answer-voice', voice: 1, sdp: 'an answer' });
  await cluster.settle();
  expect(voices[1].last.answeredWith).toBe('an answer');
  alice.ask({ type: 'resume', call: CALL });
  await cluster.settle();
  expect(listening()).toEqual([[], [], []]);
});

test('[VCE11] an announcement is heard from the caller’s node when a callee at another refuses', async () => {
  const { cluster, nodes, listening } = await threeVoices();
  const { bob } = await ringing(cluster, nodes[0], nodes[1]);
  bob.ask({ type: 'refuse', call: CALL, everywhere: true });
  await cluster.settle();
  expect(listening()).toEqual([['refused'], [], []]);
});

test('[VCE11] with a device that goes to another node its voice goes too', async () => {
  const { cluster, nodes, listening } = await threeVoices();
  const { alice } = await established(cluster, nodes[0], nodes[1]);
  alice.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  const calls = [{ id: CALL, version: 1 }];
  await cluster.device(nodes[2], 'bob', 'bob1', { language: 'en', calls });
  expect(listening()).toEqual([[], [], ['hold']]);
});

test('[PRS13] who goes from node to node is there all the time for those who watch at a third', async () => {
  const cluster = new TestCluster();
  const nodes = [await cluster.node(), await cluster.node(), await cluster.node()] as const;
  const watcher = await cluster.device(nodes[0], 'alice', 'alice1');
  const bob = await cluster.device(nodes[1], 'bob', 'bob1');
  watcher.ask({ type: 'watch', users: ['bob'] });
  await cluster.settle();
  const query = watcher.ask({ type: 'query-presence', users: ['bob'] });
  await cluster.settle();
  expect(watcher.answerTo(query)).toMatchObject({ users: [{ user: 'bob', state: 'online' }] });
  const { resumeKey } = bob.welcome ?? {};
  const moved = await cluster.device(nodes[2], 'bob', 'bob1', { resumeKey });
  await cluster.clock.untilSettled(nodes[1].drain());
  await cluster.clock.advanceAsync(2 * PRESENCE_SETTLE_MS);
  expect(watcher.presences.map(({ state }) => state)).toEqual(['online']);
  moved.wire.client.close(1000, '');
  await cluster.clock.advanceAsync(1_000);
  expect(watcher.presence('bob')).toMatchObject({ state: 'offline', left: true });
});
