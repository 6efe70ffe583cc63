import { expect, test } from 'vitest';
import type { Call } from '../../src/index.ts';
import { QUALITY_REPORT_EVERY_MS, QUALITY_SAMPLE_MS } from '../../src/timing.ts';
import { FarDevice } from '../support/far-device.ts';
import { INCOMING, ended, established } from '../support/views.ts';
import type { World } from '../support/world.ts';
import { connected } from '../support/world.ts';

/** Alice talks with bob; ended by the test. */
async function talking(media: 'audio' | 'video' = 'audio'): Promise<[World, Call, FarDevice]> {
  const world = await connected();
  const call = await world.incoming({ media });
  const accepting = call.accept();
  await world.pass();
  world.server.show(established({ media }));
  await world.done(accepting);
  const bob = new FarDevice(world);
  await bob.call();
  await world.pass(1000);
  world.server.show(established({ media, version: 6, connectedMs: 0 }));
  await world.pass();
  expect(call.connection).toBe('connected');
  return [world, call, bob];
}

function qualitiesOf(call: Call): string[] {
  const told: string[] = [];
  call.on('quality', ({ quality }) => told.push(quality?.level ?? 'none'));
  return told;
}

test('some seconds after they connect the quality is told, and not again while it stays', async () => {
  const [world, call] = await talking();
  const told = qualitiesOf(call);
  expect(call.quality).toBeUndefined();
  await world.pass(QUALITY_SAMPLE_MS);
  expect(call.quality).toMatchObject({ level: 'good', lossRatio: 0, rttMs: 20 });
  await world.pass(60_000);
  expect(told).toEqual(['good']);
});

test('packets that are lost lower the level, once for each level, and it recovers', async () => {
  const [world, call] = await talking();
  const levels: (string | undefined)[] = [];
  call.on('quality', () => {
    const { level } = call.quality ?? {};
    if (levels.at(-1) !== level) levels.push(level);
  });
  await world.pass(QUALITY_SAMPLE_MS);
  world.media.disturb('alice1', { lossRatio: 0.25 });
  await world.pass(30_000);
  expect(call.quality?.lossRatio).toBeCloseTo(0.25, 1);
  world.media.disturb('alice1', {});
  await world.pass(30_000);
  expect(levels).toEqual(['good', 'fair', 'poor', 'fair', 'good']);
});

test('silence is not loss: a muted peer leaves the quality as it was', async () => {
  const [world, call] = await talking();
  await world.pass(QUALITY_SAMPLE_MS);
  const told = qualitiesOf(call);
  for (const track of world.media.device('bob1').tracks) track.enabled = false;
  await world.pass(60_000);
  expect(call.quality?.level).toBe('good');
  expect(told).toEqual([]);
});

test('nothing is measured while the call is interrupted, nor after its end', async () => {
  const [world, call] = await talking();
  await world.pass(QUALITY_SAMPLE_MS);
  const told = qualitiesOf(call);
  world.server.show(established({ version: 7, connectedMs: 3000, peerGraceMs: 20_000 }));
  await world.pass();
  world.media.disturb('alice1', { lossRatio: 0.5 });
  await world.pass(60_000);
  expect(told).toEqual([]);
  await world.done(call.end());
  await world.pass(60_000);
  expect(told).toEqual([]);
});

test('the device that hangs up says so first, and how it was then', async () => {
  const [world, call] = await talking();
  await world.pass(2 * QUALITY_SAMPLE_MS);
  await world.done(call.end());
  await world.pass();
  const types = world.server.heard.map(({ type }) => type);
  expect(types.indexOf('end')).toBeLessThan(types.indexOf('report-quality'));
  const [report, ...others] = world.server.all('report-quality');
  expect(report).toMatchObject({
    call: INCOMING,
    summary: { seconds: 6, lossRatio: 0, rttMs: 20 },
  });
  expect(others).toEqual([]);
});

test('it is reported as well when the peer hangs up', async () => {
  const [world] = await talking();
  await world.pass(QUALITY_SAMPLE_MS);
  world.server.show(ended({ version: 9, reason: 'completed' }));
  await world.pass();
  expect(world.server.all('report-quality')).toMatchObject([{ summary: { seconds: 3 } }]);
});

test('a long call reports now and then, so that a closed page leaves all but the last minute', async () => {
  const [world] = await talking();
  await world.pass(3.5 * QUALITY_REPORT_EVERY_MS);
  const seconds = world.server.all('report-quality').map(({ summary }) => summary.seconds);
  expect(seconds).toHaveLength(3);
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
});

test('a call that never connected reports nothing', async () => {
  const world = await connected();
  const call = await world.incoming();
  await world.done(call.refuse());
  await world.pass(5000);
  expect(world.server.all('report-quality')).toEqual([]);
});

test('the picture gives way when the other side loses packets, and the sound is never touched', async () => {
  const [world, call] = await talking('video');
  const limits: string[] = [];
  call.on('videoLimited', ({ videoLimit }) => limits.push(videoLimit));
  const [audio, video] = world.alice1.connections[0]!.getTransceivers();
  const encoding = () => video!.sender.getParameters().encodings[0];
  await world.pass(QUALITY_SAMPLE_MS);
  expect(encoding()).toMatchObject({ priority: 'low', maxBitrate: 1_200_000 });
  world.media.disturb('bob1', { lossRatio: 0.3 });
  await world.pass(12 * QUALITY_SAMPLE_MS);
  expect(limits).toEqual(['bitrate', 'resolution', 'off']);
  expect([call.videoLimit, encoding()?.active]).toEqual(['off', false]);
  expect(audio!.sender.getParameters().encodings).toEqual([
    { active: true, priority: 'high', networkPriority: 'high' },
  ]);
  world.media.disturb('bob1', {});
  await world.pass(40 * QUALITY_SAMPLE_MS);
  expect(limits.slice(3)).toEqual(['resolution', 'bitrate', 'none']);
  expect(encoding()).toMatchObject({ active: true, scaleResolutionDownBy: 1 });
});

test('an audio call limits nothing', async () => {
  const [world, call] = await talking();
  world.media.disturb('bob1', { lossRatio: 0.5 });
  await world.pass(20 * QUALITY_SAMPLE_MS);
  expect(call.videoLimit).toBe('none');
});
