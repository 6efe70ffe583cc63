import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothFlow, CONNECTED } from '../src/talking.ts';
import { hearsVoice, voiceIsOver } from '../src/voice.ts';

// So often that no announcement ends before it is heard, however busy the machine is.
const scene = useScene({ settings: { ANNOUNCEMENT_PLAYS: '10' } });
const WAITING = { callWaiting: true };

/** Alice and Bob talk, and Carol calls Bob. */
async function waiting(media: 'audio' | 'video' = 'audio'): Promise<[Device, Device, Device]> {
  const [alice, bob, carol] = await scene.devicesThat(WAITING, 'alice', 'bob', 'carol');
  await alice.call(bob, { media });
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  await carol.call(bob);
  await carol.sees({ state: 'ringing' });
  await bob.sees({ state: 'ringing', direction: 'incoming' });
  return [alice, bob, carol];
}

test(
  'a second call is accepted, the first is held, and the end of one brings the other back',
  { tags: ['telling'] },
  async () => {
    scene.calls = 2;
    const [alice, bob, carol] = await waiting('video');
    expect(await bob.accept()).toBe('done');
    await carol.sees(CONNECTED);
    await alice.sees({ remoteHold: true, media: 'audio' });
    await expectFlow(carol.page, 'audio');
    await expectFlow(bob.page, 'audio');
    expect(await bob.end({ resumeOther: true })).toBe('done');
    await carol.sees({ state: 'ended', endReason: 'completed' });
    await alice.sees({ remoteHold: false, resuming: false, media: 'video' });
    await expectFlow(alice.page, 'both');
    await bob.turnTo(alice);
    await bob.end();
    await alice.sees({ state: 'ended', endReason: 'completed' });
  },
);

test('a second call is refused, and the first goes on', async () => {
  scene.calls = 2;
  const [alice, bob, carol] = await waiting();
  await bob.refuse();
  await carol.sees({ state: 'announcing', endReason: 'refused' });
  await alice.sees({ ...CONNECTED, remoteHold: false });
  await expectFlow(alice.page, 'audio');
  await alice.end();
  await bob.turnTo(alice);
  await bob.sees({ state: 'ended' });
});

test('calling out holds the live call; the third is busy; a resume beside a live call is none', async () => {
  scene.calls = 3;
  const [alice, bob, carol, dave] = await scene.devicesThat(
    WAITING,
    'alice',
    'bob',
    'carol',
    'dave',
  );
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await alice.sees(CONNECTED);
  await bob.call(carol);
  await alice.sees({ remoteHold: true });
  await carol.sees({ state: 'ringing' });
  await carol.accept();
  await bob.sees(CONNECTED);
  await dave.call(bob);
  await dave.sees({ endReason: 'busy' });
  await dave.end();
  await bob.turnTo(alice);
  expect(await bob.resume()).toBe('other-call-live');
  expect(await bob.swap()).toBe('done');
  await carol.sees({ remoteHold: true });
  await expectFlow(alice.page, 'audio');
  await bob.page.reload();
  await bob.connect(await scene.rest.token(bob.user), WAITING);
  await bob.sees({ restored: true });
  await expectFlow(alice.page, 'audio');
  await alice.end();
  await carol.end();
  await carol.sees({ state: 'ended' });
});

test('whoever calls out from a live call and is refused hears why, and has the first call back when it wants', async () => {
  scene.calls = 2;
  const [alice, bob, carol] = await scene.devicesThat(WAITING, 'alice', 'bob', 'carol');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await alice.sees(CONNECTED);
  await bob.call(carol);
  await alice.sees({ remoteHold: true });
  await eventually(() => alice.voice()).toBe('hold');
  await carol.sees({ state: 'ringing' });
  await carol.refuse();
  await bob.sees({ state: 'announcing', endReason: 'refused' });
  await hearsVoice(bob);
  await alice.sees({ ...CONNECTED, remoteHold: true });
  await bob.turnTo(alice);
  await bob.sees({ ...CONNECTED, localHold: true });
  expect(await bob.resume()).toBe('done');
  await voiceIsOver(scene, bob);
  // The call out had taken the page's elements.
  await bob.moveTo('local', 'remote');
  await bothFlow([alice, bob]);
  await bob.end();
  await alice.sees({ state: 'ended', endReason: 'completed' });
});

test('whoever calls somebody busy from a live call is told by the call alone, and talks on', async () => {
  scene.calls = 3;
  const [alice, bob] = await scene.devicesThat(WAITING, 'alice', 'bob');
  const [carol, dave] = await scene.devices('carol', 'dave');
  for (const [caller, callee] of [
    [alice, bob],
    [carol, dave],
  ] as const) {
    await caller.call(callee);
    await callee.sees({ direction: 'incoming' });
    await callee.accept();
    await caller.sees(CONNECTED);
  }
  expect(await bob.call(carol)).toBe('done');
  await bob.sees({ state: 'ended', endReason: 'busy' });
  await alice.sees({ ...CONNECTED, remoteHold: false });
  await bob.turnTo(alice);
  // The call out had taken the page's elements.
  await bob.moveTo('local', 'remote');
  await bothFlow([alice, bob]);
  expect(await bob.voice()).toBeUndefined();
  await alice.end();
  await carol.end();
  await dave.sees({ state: 'ended' });
});

test('without call waiting the second call is busy', async () => {
  scene.calls = 2;
  const [alice, bob, carol] = await scene.devices('alice', 'bob', 'carol');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await alice.sees(CONNECTED);
  expect(await carol.call(bob)).toBe('done');
  await carol.sees({ endReason: 'busy' });
  await alice.end();
});
