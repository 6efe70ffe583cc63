import { beforeAll, expect, test } from 'vitest';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

async function talking(alice: Softphone): Promise<Softphone> {
  const bob = await Softphone.signIn(scene, 'bob');
  await bob.click(`Video call ${alice.name}`);
  await alice.click('Answer with video');
  await alice.seesBothPictures();
  return bob;
}

test('where there is Document Picture-in-Picture, a small call has a window of its own, with picture and buttons', async () => {
  const alice = await Softphone.signIn(scene, 'alice');
  const bob = await talking(alice);
  const opened = alice.page.context().waitForEvent('page');
  await alice.click('Minimise the call');
  const small = await opened;
  await expectFlow(alice.page, 'both');
  const mute = small.getByRole('button', { name: 'Mute microphone' });
  // It is dressed as the page is, under the same Content-Security-Policy.
  const border = () => mute.evaluate((button) => getComputedStyle(button).borderTopWidth);
  await eventually(border).toBe('0px');
  await mute.click();
  await eventually(() => bob.page.getByTestId('peer-muted').innerText()).toBe(
    `${alice.name} is muted`,
  );
  await small.getByRole('button', { name: 'Hang up' }).click();
  await bob.reads('Call ended');
  await eventually(() => small.isClosed()).toBe(true);
});

test('elsewhere a small call stands over the page, where it is moved about, and comes back large', async () => {
  const window = await scene.window();
  await window.addInitScript(() =>
    Object.defineProperty(globalThis, 'documentPictureInPicture', { value: undefined }),
  );
  const alice = await Softphone.signIn(scene, 'alice', window);
  const bob = await talking(alice);
  await alice.click('Minimise the call');
  const area = alice.page.locator('ringline-call');
  const boxOf = async () => {
    const box = await area.boundingBox();
    if (box === null) throw new Error('The call is not shown.');
    return box;
  };
  // A picture that gets its size moves what stands at the corner.
  const restingBox = async () => {
    let last = await boxOf();
    await eventually(async () => {
      const before = last;
      last = await boxOf();
      return { ...last, moved: last.x - before.x + last.y - before.y };
    }).toMatchObject({ moved: 0 });
    return last;
  };
  await eventually(async () => (await boxOf()).width).toBeLessThan(320);
  const before = await restingBox();
  await alice.page.mouse.move(before.x + 60, before.y + 60);
  await alice.page.mouse.down();
  await alice.page.mouse.move(before.x + 20, before.y + 30, { steps: 3 });
  await alice.page.mouse.up();
  await alice.page.mouse.move(before.x, before.y);
  const after = await restingBox();
  expect([after.x - before.x, after.y - before.y]).toEqual([-40, -30]);
  await alice.open('messages');
  await expectFlow(alice.page, 'both');
  await alice.click('Back to the full view');
  await eventually(async () => (await boxOf()).width).toBeGreaterThan(320);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});
