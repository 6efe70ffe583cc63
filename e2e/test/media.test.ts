import { expect, test } from 'vitest';
import { eventually, expectFlow, expectNoMore } from '../src/device.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

const CONNECTED = { state: 'established', connection: 'connected' } as const;

test('in an audio call each side hears the other, and no camera is opened', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'audio' });
  await bob.sees({ direction: 'incoming', media: 'audio' });
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  expect((await alice.devicesUsed()).live).not.toContain('video');
  expect(await bob.end()).toBe('done');
  await alice.sees({ state: 'ended', endReason: 'completed' });
  for (const device of [alice, bob]) {
    await eventually(async () => (await device.devicesUsed()).live).toEqual([]);
  }
});

test('in a video call each side hears and sees the other', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'video' });
  await bob.sees({ media: 'video' });
  await bob.accept();
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
  await alice.end();
  await bob.sees({ state: 'ended', endReason: 'completed' });
  const [record] = await scene.rest.records(bob.user);
  expect(record).toMatchObject({ type: 'video', status: 1, endedBy: alice.user });
});

test('a video call answered as audio carries sound both ways and no picture', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'video' });
  await bob.sees({ media: 'video' });
  await bob.accept({ media: 'audio' });
  await alice.sees({ ...CONNECTED, media: 'audio' });
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  for (const device of [alice, bob]) {
    expect((await device.received()).framesDecoded).toBe(0);
    expect((await device.devicesUsed()).live).not.toContain('video');
  }
  await alice.end();
  await bob.sees({ state: 'ended' });
});

test('a muted microphone sends silence and an open one sound again', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await expectFlow(bob.page, 'audio');
  await alice.mute(true);
  await expectNoMore(bob.page, 'sound');
  await alice.mute(false);
  await expectFlow(bob.page, 'audio');
  await alice.end();
  await bob.sees({ state: 'ended' });
});

test('a camera switched off stops the picture and its light, and comes back', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob, { media: 'video' });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await expectFlow(bob.page, 'both');
  expect(await alice.camera(false)).toBe('done');
  expect((await alice.devicesUsed()).live).not.toContain('video');
  await expectNoMore(bob.page, 'pictures');
  await expectFlow(bob.page, 'audio');
  expect(await alice.camera(true)).toBe('done');
  await Promise.all([expectFlow(bob.page, 'both'), expectFlow(alice.page, 'both')]);
  await bob.end();
  await alice.sees({ state: 'ended' });
});
