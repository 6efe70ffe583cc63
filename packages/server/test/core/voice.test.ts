import type { ServerMessage } from '@ringline/protocol';
import { MAX_ANNOUNCING_MS } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import { DeviceVoice, VOICE_RETRY_MS } from '../../src/gateway/device-voice.ts';
import { CALL, CALL2, established, ringing } from '../support/calls.ts';
import { RecordingVoice } from '../support/recording-voice.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const HOLD = { type: 'hold', call: CALL } as const;
const RESUME = { type: 'resume', call: CALL } as const;

async function ask(
  cluster: TestCluster,
  device: TestDevice,
  ...asked: Parameters<TestDevice['ask']>[0][]
) {
  for (const one of asked) device.ask(one);
  await cluster.settle();
}

/** What a device was told of the voice, in order. */
function told({ heard }: TestDevice): readonly string[] {
  return heard.flatMap((message) => {
    if (message.type === 'voice-offered') return `offered ${message.voice}: ${message.prompt}`;
    if (message.type === 'voice-changed') return `changed ${message.voice}: ${message.prompt}`;
    return message.type === 'voice-ended' ? `ended ${message.voice}: ${message.why}` : [];
  });
}

async function talking(options: { hasRingback?: boolean } = {}) {
  const voice = new RecordingVoice();
  const cluster = new TestCluster({ voice, ...options });
  const node = await cluster.node();
  const pair = await established(cluster, node);
  return { voice, cluster, node, ...pair };
}

/** Bob has refused Alice's call, and the voice has made its offer. */
async function refused() {
  const voice = new RecordingVoice();
  const cluster = new TestCluster({ voice });
  const node = await cluster.node();
  const pair = await ringing(cluster, node);
  await ask(cluster, pair.bob, { type: 'refuse', call: CALL, everywhere: true });
  voice.last.events.offered('an offer');
  await cluster.settle();
  return { voice, cluster, node, ...pair };
}

describe('the hold tone', () => {
  test('[VCE1] is offered to the side that is held, and ends with the hold', async () => {
    const { voice, cluster, alice, bob } = await talking();
    await ask(cluster, alice, HOLD);
    expect(voice.listeners.map(({ ask: { prompt } }) => prompt)).toEqual(['hold']);
    voice.last.events.offered('an offer');
    await ask(cluster, bob, { type: 'answer-voice', voice: 1, sdp: 'an answer' });
    expect(voice.last.answeredWith).toBe('an answer');
    await ask(cluster, alice, RESUME);
    expect(voice.last.isClosed).toBe(true);
    expect(told(bob)).toEqual(['offered 1: hold', 'ended 1: over']);
    expect(told(alice)).toEqual([]);
  });

  test('[VCE2] moves when both hold in turn', async () => {
    const { voice, cluster, alice, bob } = await talking();
    await ask(cluster, alice, HOLD);
    await ask(cluster, bob, HOLD);
    expect(voice.playing).toEqual([]);
    await ask(cluster, alice, RESUME);
    expect(voice.playing).toEqual(['hold']);
    voice.last.events.offered('an offer');
    await cluster.settle();
    expect(told(alice)).toEqual(['offered 1: hold']);
  });

  test('[VCE6] is offered again when the voice was lost, and asked for until there is one', async () => {
    const { voice, cluster, alice, bob } = await talking();
    await ask(cluster, alice, HOLD);
    voice.last.events.offered('an offer');
    voice.refuses = 'away';
    voice.last.events.failed();
    await cluster.clock.advanceAsync(VOICE_RETRY_MS);
    expect(told(bob)).toEqual(['offered 1: hold', 'ended 1: lost']);
    voice.refuses = undefined;
    await cluster.clock.advanceAsync(VOICE_RETRY_MS);
    expect(voice.playing).toEqual(['hold']);
    voice.last.events.failed();
    await ask(cluster, alice, RESUME);
    await cluster.clock.advanceAsync(VOICE_RETRY_MS);
    expect(voice.listeners).toHaveLength(2);
  });

  test('[VCE8] ends with the connection, and is offered to the next one', async () => {
    const { voice, cluster, node, alice, bob } = await talking();
    await ask(cluster, alice, HOLD);
    bob.wire.drop();
    await cluster.settle();
    expect(voice.playing).toEqual([]);
    const back = await cluster.device(node, 'bob', 'bob1', {
      language: 'en',
      calls: [{ id: CALL, version: 1 }],
    });
    expect(voice.playing).toEqual(['hold']);
    voice.last.events.offered('an offer');
    await cluster.settle();
    expect(told(back)).toEqual(['offered 1: hold']);
  });
});

test('[VCE8] a socket that takes the place of one that still stands is offered what there is to hear', async () => {
  const { voice, cluster, node, alice, bob } = await talking();
  await ask(cluster, alice, HOLD);
  const view = bob.view(CALL);
  const calls = [{ id: CALL, version: view?.version ?? 0 }];
  await cluster.device(node, 'bob', 'bob1', { language: 'en', calls });
  expect(bob.closedWith).toBeDefined();
  expect(voice.playing).toEqual(['hold']);
});

test('[VCE1] a hold whose end was lost on the way ends for the device with the call', () => {
  const clock = new VirtualClock();
  const voice = new RecordingVoice();
  const parts = { voice, hasRingback: false, clock, language: 'en', openCalls: [], send: () => {} };
  const heard = new DeviceVoice(parts);
  heard.note({
    id: CALL,
    version: 7,
    direction: 'incoming',
    peer: { user: 'alice' },
    media: 'audio',
    state: 'established',
    peerDevice: 'alice1',
    epoch: 1,
    peerHolds: true,
  });
  expect(voice.playing).toEqual(['hold']);
  heard.forget(CALL);
  expect(voice.playing).toEqual([]);
});

describe('an announcement', () => {
  test('[VCE3] comes after the view that ends the call, and is said to its end', async () => {
    const { voice, cluster, alice, bob } = await refused();
    const types = alice.heard.map(({ type }: ServerMessage) => type);
    expect(types.slice(-2)).toEqual(['inbox', 'voice-offered']);
    expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'refused' });
    voice.last.events.finished();
    await cluster.settle();
    expect(told(alice)).toEqual(['offered 1: refused', 'ended 1: said']);
    expect(told(bob)).toEqual([]);
    expect(voice.last.isClosed).toBe(true);
  });

  test('[VCE4] ends with a call that the caller makes or is called with', async () => {
    const own = await refused();
    own.alice.invite(CALL2, 'bob');
    await own.cluster.settle();
    expect(told(own.alice)).toEqual(['offered 1: refused', 'ended 1: over']);
    const other = await refused();
    other.bob.invite(CALL2, 'alice');
    await other.cluster.settle();
    expect(told(other.alice)).toEqual(['offered 1: refused', 'ended 1: over']);
    expect(other.alice.view(CALL2)?.state).toBe('inviting');
  });

  test('[VCE4] goes on while another call that is held is told of', async () => {
    const { voice, cluster, alice, bob } = await talking();
    const carol = await cluster.device(await cluster.node(), 'carol', 'carol1');
    alice.ask({ type: 'set-call-waiting', on: true });
    await ask(cluster, alice, HOLD);
    alice.invite(CALL2, 'carol');
    await cluster.settle();
    await ask(cluster, carol, { type: 'refuse', call: CALL2, everywhere: true });
    expect(voice.playing).toContain('refused');
    await ask(cluster, bob, { type: 'declare', call: CALL, microphone: false, camera: true });
    expect(voice.playing).toContain('refused');
    await ask(cluster, alice, RESUME);
    expect(voice.playing).not.toContain('refused');
  });

  test('[VCE3] that nobody could be given in its time is not made up for', async () => {
    const voice = new RecordingVoice();
    voice.refuses = 'full';
    const cluster = new TestCluster({ voice });
    const { bob } = await ringing(cluster, await cluster.node());
    await ask(cluster, bob, { type: 'refuse', call: CALL, everywhere: true });
    await cluster.clock.advanceAsync(MAX_ANNOUNCING_MS);
    voice.refuses = undefined;
    await cluster.clock.advanceAsync(2 * VOICE_RETRY_MS);
    expect(voice.listeners).toEqual([]);
  });

  test('[VCE1] gives way to the hold tone of another call when it is said', async () => {
    const { voice, cluster, alice, bob } = await talking();
    bob.ask({ type: 'set-call-waiting', on: true });
    await ask(cluster, alice, HOLD);
    await ask(cluster, bob, HOLD);
    bob.invite(CALL2, 'nobody', { ringTimeoutMs: 1_000 });
    await cluster.settle();
    await cluster.clock.advanceAsync(1_000);
    expect(voice.playing).toEqual(['offline']);
    await ask(cluster, bob, RESUME);
    expect(voice.playing).toEqual(['hold']);
  });

  test('[VCE7] ends when the device has heard enough, of the newest voice only', async () => {
    const { voice, cluster, alice } = await refused();
    await ask(cluster, alice, { type: 'stop-voice', voice: 2 });
    await ask(cluster, alice, { type: 'answer-voice', voice: 2, sdp: 'of no offer' });
    expect(voice.playing).toEqual(['refused']);
    expect(voice.last.answeredWith).toBeUndefined();
    await ask(cluster, alice, { type: 'answer-voice', voice: 1, sdp: 'the answer' });
    await ask(cluster, alice, { type: 'answer-voice', voice: 1, sdp: 'another' });
    expect(voice.last.answeredWith).toBe('the answer');
    await ask(cluster, alice, { type: 'stop-voice', voice: 1 });
    expect(told(alice)).toEqual(['offered 1: refused', 'ended 1: over']);
  });
});

describe('the ringing tone', () => {
  test('[VCE9] is played to the caller where the server is set so, from the first ring to the answer', async () => {
    const voice = new RecordingVoice();
    const cluster = new TestCluster({ voice, hasRingback: true });
    const { bob } = await ringing(cluster, await cluster.node());
    expect(voice.playing).toEqual(['ringback']);
    await ask(cluster, bob, { type: 'accept', call: CALL });
    expect(voice.playing).toEqual([]);
    const { voice: quiet } = await talking();
    expect(quiet.listeners).toEqual([]);
  });

  test('[VCE5] gives way to an announcement over the same connection', async () => {
    const voice = new RecordingVoice();
    const cluster = new TestCluster({ voice, hasRingback: true });
    const { alice, bob } = await ringing(cluster, await cluster.node());
    voice.last.events.offered('an offer');
    await ask(cluster, bob, { type: 'refuse', call: CALL, everywhere: true });
    expect(voice.listeners.map(({ played }) => played)).toEqual([['ringback', 'refused']]);
    expect(told(alice)).toEqual(['offered 1: ringback', 'changed 1: refused']);
  });
});

test('[VCE10] the welcome tells whether there is a voice, and each is spoken to in its language', async () => {
  const voice = new RecordingVoice();
  const cluster = new TestCluster({ voice });
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { language: 'zh-CN' });
  const bob = await cluster.device(node, 'bob', 'bob1');
  expect(alice.welcome).toMatchObject({ voice: true });
  alice.invite(CALL, 'bob');
  await cluster.settle();
  await ask(cluster, bob, { type: 'refuse', call: CALL, everywhere: true });
  expect(voice.last.ask).toEqual({ prompt: 'refused', language: 'zh-CN' });
  bob.invite(CALL2, 'alice');
  await cluster.settle();
  await ask(cluster, alice, { type: 'refuse', call: CALL2, everywhere: true });
  expect(voice.listeners).toHaveLength(1);
  const mute = new TestCluster();
  const carol = await mute.device(await mute.node(), 'carol', 'carol1');
  expect(carol.welcome).not.toHaveProperty('voice');
});

test('[VCE10] the welcome tells whether the voice plays the ringing tone', async () => {
  const welcomeOf = async (cluster: TestCluster) =>
    (await cluster.device(await cluster.node(), 'alice', 'alice1')).welcome;
  const voice = new RecordingVoice();
  expect(await welcomeOf(new TestCluster({ voice, hasRingback: true }))).toMatchObject({
    ringback: true,
  });
  expect(await welcomeOf(new TestCluster({ voice }))).not.toHaveProperty('ringback');
  expect(await welcomeOf(new TestCluster({ hasRingback: true }))).not.toHaveProperty('ringback');
});
