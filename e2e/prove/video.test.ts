import { expect, test } from 'vitest';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothSee, endBy, nobodySees, talking } from '../src/talking.ts';

const scene = useScene();

test('who agrees without a camera sees and is not seen', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  expect(await bob.replyVideo(true, { camera: false })).toBe('done');
  await expectFlow(bob.page, 'both');
  await alice.sees({ media: 'video', peerCameraOn: false });
  expect((await bob.devicesUsed()).live).not.toContain('video');
  await endBy(alice, bob);
});

test('a request is taken back before it is answered', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  expect(await alice.removeVideo()).toBe('done');
  await bob.sees({ videoEnd: 'withdrawn by peer', videoRequestedBy: undefined });
  expect(await bob.replyVideo(true)).toBe('wrong-state');
  await nobodySees([alice, bob]);
  await endBy(alice, bob);
});

test('a request that nobody answers expires after half a minute', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await alice.sees({ videoEnd: 'expired', videoRequestedBy: undefined }, 90_000);
  await bob.sees({ videoEnd: 'expired', videoRequestedBy: undefined });
  await nobodySees([alice, bob]);
  for (const device of [alice, bob]) {
    expect((await device.events())[(await device.seen())?.id ?? '']).toContain('videoRefused');
  }
  await endBy(alice, bob);
});

test('a picture is refused at once while the call is held, and a request goes with a hold', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.hold();
  await alice.sees({ videoEnd: 'held by peer', videoRequestedBy: undefined });
  expect(await alice.addVideo()).toBe('on-hold');
  await eventually(async () => (await alice.devicesUsed()).live).not.toContain('video');
  await bob.resume();
  await nobodySees([alice, bob]);
  await endBy(alice, bob);
});

test('a denied camera asks nobody, and a denied answer leaves the request', async () => {
  const [alice, bob] = await talking(scene);
  await alice.page.evaluate(() => window.probe.denyDevices(true));
  expect(await alice.addVideo()).toBe('camera-denied');
  await bob.sees({ videoRequestedBy: undefined });
  await alice.page.evaluate(() => window.probe.denyDevices(false));
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.page.evaluate(() => window.probe.denyDevices(true));
  expect(await bob.replyVideo(true)).toBe('camera-denied');
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.page.evaluate(() => window.probe.denyDevices(false));
  expect(await bob.replyVideo(true)).toBe('done');
  await bothSee([alice, bob]);
  await endBy(alice, bob);
});

test('a camera that fails after consent takes the call back to sound, and both know', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.replyVideo(true);
  await bothSee([alice, bob]);
  await alice.hold();
  await bob.sees({ remoteHold: true });
  await bob.page.evaluate(() => window.probe.denyDevices(true));
  await alice.resume();
  await alice.sees({ videoEnd: 'camera-failed by peer' });
  await bob.sees({ videoEnd: 'camera-failed by self' });
  await nobodySees([alice, bob]);
  expect((await bob.events())[(await bob.seen())?.id ?? '']).toContain('problem: camera-denied');
  await endBy(alice, bob);
});

test('the four single steps of a video hold, in the vendor’s order', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.replyVideo(true);
  await bothSee([alice, bob]);
  expect(await alice.removeVideo()).toBe('done');
  await bob.sees({ media: 'audio', videoEnd: 'removed by peer' });
  expect(await alice.hold()).toBe('done');
  await bob.sees({ remoteHold: true });
  expect(await alice.resume()).toBe('done');
  await bob.sees({ remoteHold: false, media: 'audio' });
  expect(await alice.addVideo()).toBe('done');
  await bob.sees({ videoRequestedBy: 'peer' });
  expect(await bob.replyVideo(true)).toBe('done');
  await bothSee([alice, bob]);
  await endBy(alice, bob);
});

test('twenty times on and off, and the two browsers have agreed on nothing new', async () => {
  const [alice, bob] = await talking(scene);
  const agreed = () => alice.page.evaluate(() => window.probe.agreed());
  const before = await agreed();
  expect(before.sections).toBe(2);
  for (let i = 0; i < 20; i++) {
    const [one, other] = i % 2 === 0 ? [alice, bob] : [bob, alice];
    expect(await one.addVideo()).toBe('done');
    await other.sees({ videoRequestedBy: 'peer' });
    expect(await other.replyVideo(true)).toBe('done');
    await expectFlow(one.page, 'video');
    expect(await other.removeVideo()).toBe('done');
    await one.sees({ media: 'audio' });
  }
  expect(await agreed()).toEqual(before);
  await nobodySees([alice, bob]);
  await endBy(alice, bob);
});

test('a page that is loaded anew with a request open is asked again', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.page.reload();
  await bob.connect(await scene.rest.token(bob.user));
  await bob.sees({ restored: true, videoRequestedBy: 'peer' });
  expect(await bob.replyVideo(true)).toBe('done');
  await bothSee([alice, bob]);
  await endBy(alice, bob);
});

test('two who ask at the same moment have agreed', async () => {
  const [alice, bob] = await talking(scene);
  const [one, other] = await Promise.all([alice.addVideo(), bob.addVideo()]);
  expect([one, other]).toEqual(['done', 'done']);
  await bothSee([alice, bob]);
  await endBy(alice, bob);
});

test('a picture is removed without asking, by either side, and both lights go out', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  await bob.replyVideo(true);
  await bothSee([alice, bob]);
  expect(await bob.removeVideo()).toBe('done');
  await alice.sees({ videoEnd: 'removed by peer' });
  await nobodySees([alice, bob]);
  await endBy(alice, bob);
});
