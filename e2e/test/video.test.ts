import { expect, test } from 'vitest';
import { eventually, expectNoMore } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { bothSee, endBy, nobodySees, talking } from '../src/talking.ts';

const scene = useScene();

test(
  'a picture is asked for and agreed to; before that the other camera stays shut',
  { tags: ['telling'] },
  async () => {
    const [alice, bob] = await talking(scene);
    expect(await alice.addVideo()).toBe('done');
    await bob.sees({ videoRequestedBy: 'peer', media: 'audio' });
    expect((await bob.devicesUsed()).live).not.toContain('video');
    expect((await alice.devicesUsed()).sent).not.toContain('video');
    await expectNoMore(bob.page, 'pictures');
    expect(await bob.replyVideo(true)).toBe('done');
    await bothSee([alice, bob]);
    const id = (await alice.seen())?.id ?? '';
    expect((await alice.events())[id]).toContain('videoAdded');
    expect((await bob.events())[id]).toEqual(
      expect.arrayContaining(['videoRequested', 'videoAdded']),
    );
    await endBy(alice, bob);
    await eventually(() => bob.records()).toMatchObject([{ type: 'video' }]);
  },
);

test('a request is refused: both know, and the camera that was opened for it goes out', async () => {
  const [alice, bob] = await talking(scene);
  await alice.addVideo();
  await bob.sees({ videoRequestedBy: 'peer' });
  expect(await bob.replyVideo(false)).toBe('done');
  await alice.sees({ videoEnd: 'refused by peer', videoRequestedBy: undefined });
  await nobodySees([alice, bob]);
  expect((await alice.events())[(await alice.seen())?.id ?? '']).toContain('videoRefused');
  await endBy(bob, alice);
});
