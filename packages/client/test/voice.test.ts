import { describe, expect, test } from 'vitest';
import type { Call } from '../src/index.ts';
import { EARLY_VOICE_MS, OWN_ANNOUNCING_MS, VOICE_PATIENCE_MS } from '../src/timing.ts';
import { FarVoice } from './support/far-voice.ts';
import { ended, established, ringing } from './support/views.ts';
import type { World } from './support/world.ts';
import { connected, World as NewWorld } from './support/world.ts';

const OUT = { direction: 'outgoing' } as const;

/** Alice's device on a server that has a voice, or has none. */
async function withVoice(voice = true): Promise<World> {
  const world = new NewWorld({ language: 'zh-CN' });
  if (voice) world.server.welcome = { voice: true };
  await world.connect();
  return world;
}

/** Alice talks with bob, who holds. */
async function held(world: World): Promise<Call> {
  const call = await world.incoming();
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ connectedMs: 0 }));
  await world.done(accepting);
  world.server.show(established({ version: 7, connectedMs: 0, peerHolds: true }));
  await world.pass();
  return call;
}

/** Alice calls bob, who refuses; what she was told of it. */
async function refused(world: World): Promise<{ call: Call; told: string[] }> {
  const call = await world.outgoing();
  const told: string[] = [];
  for (const name of ['announcing', 'ended'] as const) call.on(name, () => told.push(name));
  world.server.show(
    ended({ ...OUT, id: call.id, reason: 'refused', announcingMs: 60_000, version: 3 }),
  );
  await world.pass();
  return { call, told };
}

describe('the held side', () => {
  test('says hello in its language, and hears the server’s tone instead of its own', async () => {
    const world = await withVoice();
    expect(world.server.last('hello')).toMatchObject({ language: 'zh-CN' });
    await held(world);
    const voice = new FarVoice(world);
    await voice.offer('hold');
    await voice.take();
    expect(world.client.voice).toBe('hold');
    await world.pass(VOICE_PATIENCE_MS);
    expect(world.alice1.tones).toBe(0);
  });

  test('plays its own tone when the voice does not come within a second, and no more once it comes', async () => {
    const world = await withVoice();
    await held(world);
    await world.pass(VOICE_PATIENCE_MS - 150);
    expect(world.alice1.tones).toBe(0);
    await world.pass(150);
    expect(world.alice1.tones).toBe(1);
    const voice = new FarVoice(world);
    await voice.offer('hold');
    await voice.take();
    expect(world.alice1.tones).toBe(0);
  });

  test('plays its own tone again when the voice is lost', async () => {
    const world = await withVoice();
    await held(world);
    const voice = new FarVoice(world);
    await voice.offer('hold');
    await voice.take();
    const told: unknown[] = [];
    world.client.on('voiceChanged', ({ voice: plays }) => told.push(plays));
    world.server.say({ type: 'voice-ended', voice: 1, why: 'lost' });
    await world.pass(VOICE_PATIENCE_MS + 100);
    expect(told).toEqual([undefined]);
    expect(world.alice1.tones).toBe(1);
    const again = new FarVoice(world, 2);
    await again.offer('hold');
    await again.take();
    expect(world.alice1.tones).toBe(0);
  });

  test('hears nothing more once it is resumed, or the call is over', async () => {
    const world = await withVoice();
    const call = await held(world);
    await world.pass(VOICE_PATIENCE_MS);
    world.server.show(established({ version: 8, connectedMs: 0 }));
    await world.pass();
    expect(world.alice1.tones).toBe(0);
    world.server.show(established({ version: 9, connectedMs: 0, peerHolds: true }));
    await world.pass(VOICE_PATIENCE_MS);
    await world.done(call.end());
    expect(world.alice1.tones).toBe(0);
  });
});

describe('an announcement', () => {
  test('comes between the attempt and its end, and names the reason', async () => {
    const world = await withVoice();
    const { call, told } = await refused(world);
    expect(call).toMatchObject({ state: 'announcing', endReason: 'refused', connection: 'none' });
    expect(world.client.calls).toEqual([]);
    const voice = new FarVoice(world);
    await voice.offer('refused');
    await voice.take();
    expect(world.client.voice).toBe('refused');
    world.server.say({ type: 'voice-ended', voice: 1, why: 'said' });
    await world.pass();
    expect(told).toEqual(['announcing', 'ended']);
    expect(world.alice1.tones).toBe(0);
  });

  test('ends when the user hangs up: the server is told, and nobody else', async () => {
    const world = await withVoice();
    const { call, told } = await refused(world);
    const voice = new FarVoice(world);
    await voice.offer('refused');
    await world.done(call.end());
    expect(told).toEqual(['announcing', 'ended']);
    await world.pass();
    expect(world.server.last('stop-voice')).toMatchObject({ voice: 1 });
    expect(world.server.all('end')).toEqual([]);
  });

  test('that comes after the user has hung up is refused', async () => {
    const world = await withVoice();
    const { call } = await refused(world);
    await world.done(call.cancel());
    const voice = new FarVoice(world, 4);
    await voice.offer('refused');
    await world.pass(EARLY_VOICE_MS);
    expect(world.server.last('stop-voice')).toMatchObject({ voice: 4 });
    expect(world.server.all('answer-voice')).toEqual([]);
  });

  test.each<[string, (world: World) => Promise<unknown>]>([
    ['the user calls', (world) => world.outgoing()],
    ['the user is called', (world) => world.incoming()],
    ['the client disconnects', async (world) => world.client.disconnect()],
  ])('ends when %s', async (_, happens) => {
    const world = await withVoice();
    const { call, told } = await refused(world);
    await happens(world);
    expect(call.state).toBe('ended');
    expect(told).toEqual(['announcing', 'ended']);
  });

  test('is a tone of this device for a while where no voice comes', async () => {
    const world = await withVoice(false);
    const { call } = await refused(world);
    expect(world.alice1.tones).toBe(1);
    await world.pass(OWN_ANNOUNCING_MS - 150);
    expect(call.state).toBe('announcing');
    await world.pass(150);
    expect(call.state).toBe('ended');
    expect(world.alice1.tones).toBe(0);
  });

  test('may be offered before the call is placed that it is about', async () => {
    const world = await withVoice();
    world.server.silentOn.add('invite');
    const calling = world.client.call('bob');
    await world.pass();
    const { call: id, seq } = world.server.last('invite');
    world.server.show(ended({ ...OUT, id, reason: 'busy', announcingMs: 60_000, version: 1 }));
    const voice = new FarVoice(world);
    await voice.offer('busy');
    world.server.say({ type: 'invited', re: seq, call: id });
    const call = await world.done(calling);
    await world.pass();
    expect(call.state).toBe('announcing');
    await voice.take();
    expect(world.client.voice).toBe('busy');
  });

  test('lasts no longer than the server says', async () => {
    const world = await withVoice();
    const { call } = await refused(world);
    const voice = new FarVoice(world);
    await voice.offer('refused');
    await voice.take();
    await world.pass(60_000);
    expect(call.state).toBe('ended');
    expect(world.server.all('stop-voice')).toHaveLength(1);
  });

  test('does not come where the server speaks of none, nor to a device without media', async () => {
    const world = await withVoice();
    const call = await world.outgoing();
    world.server.show(ended({ ...OUT, id: call.id, reason: 'refused', version: 3 }));
    await world.pass();
    expect(call.state).toBe('ended');
    expect(world.client.hasRingback).toBe(false);
    const mute = await connected({ media: null });
    expect(mute.server.last('hello')).not.toHaveProperty('language');
    const { call: unheard, told } = await refused(mute);
    expect(unheard.state).toBe('ended');
    expect(told).toEqual(['ended']);
  });
});

test('a tone of this device’s own is the one that is due: busy, then hold', async () => {
  const world = await withVoice(false);
  const held1 = await held(world);
  expect(world.alice1.tones).toBe(1);
  const { call } = await refused(world);
  await world.pass(OWN_ANNOUNCING_MS);
  expect(call.state).toBe('ended');
  expect(held1.remoteHold).toBe(true);
  expect(world.alice1.tones).toBe(1);
});

test('an announcement ends with what the server says is over', async () => {
  const world = await withVoice();
  const { call } = await refused(world);
  const voice = new FarVoice(world);
  await voice.offer('refused');
  await voice.take();
  world.server.say({ type: 'voice-ended', voice: 1, why: 'over' });
  await world.pass();
  expect(call.state).toBe('ended');
});

test('what was offered over the connection before is forgotten with it: its number may be another voice’s now', async () => {
  const world = await withVoice();
  world.server.silentOn.add('invite');
  void world.client.call('bob');
  await world.pass();
  const { call: id } = world.server.last('invite');
  world.server.say({ type: 'voice-offered', voice: 1, prompt: 'busy', sdp: '' });
  await world.pass(20);
  world.server.wire.drop();
  await world.pass(EARLY_VOICE_MS - 50);
  expect(world.client.connectionState).toBe('connected');
  await world.pass(EARLY_VOICE_MS);
  expect(world.server.all('stop-voice')).toEqual([]);
  world.server.show(ended({ ...OUT, id, reason: 'busy', announcingMs: 60_000, version: 1 }));
  world.server.answer(world.server.last('invite'));
  await world.pass();
  expect(world.client.voice).toBeUndefined();
  expect(world.server.all('answer-voice')).toEqual([]);
});

test('the ringing tone of the server is heard while it rings, and gives way to an announcement', async () => {
  const world = new NewWorld();
  world.server.welcome = { voice: true, ringback: true };
  await world.connect();
  expect(world.client.hasRingback).toBe(true);
  const call = await world.outgoing();
  world.server.show(ringing({ ...OUT, id: call.id, version: 2, state: 'ringing' }));
  const voice = new FarVoice(world);
  await voice.offer('ringback');
  await voice.take();
  expect(world.client.voice).toBe('ringback');
  world.server.show(
    ended({ ...OUT, id: call.id, reason: 'busy', announcingMs: 60_000, version: 3 }),
  );
  world.server.say({ type: 'voice-changed', voice: 1, prompt: 'busy' });
  await world.pass();
  expect(world.client.voice).toBe('busy');
  expect(world.alice1.connections).toHaveLength(1);
});
