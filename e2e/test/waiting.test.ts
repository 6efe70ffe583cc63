import { expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { CONNECTED } from '../src/talking.ts';

const scene = useScene();
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

test('a second call is accepted, the first is held, and the end of one brings the other back', async () => {
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
});

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
