import { beforeAll, expect, test } from 'vitest';
import { eventually, expectFlow, expectNoMore } from '../src/device.ts';
import { Gallery } from '../src/gallery.ts';
import { tabTo } from '../src/keyboard.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

/** Alice and Bob talk, by video or without. */
async function talking(label: 'Call' | 'Video call'): Promise<[Softphone, Softphone]> {
  const bob = await Softphone.signIn(scene, 'bob');
  const alice = await Softphone.signIn(scene, 'alice');
  await alice.click(`${label} ${bob.name}`);
  await bob.reads(/^Incoming/);
  await bob.click(label === 'Call' ? 'Answer' : 'Answer with video');
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  return [alice, bob];
}

test('by button a call is held, which says so on both pages and offers no hang-up, and resumed', async () => {
  const [alice, bob] = await talking('Video call');
  await Promise.all([alice.seesBothPictures(), bob.seesBothPictures()]);
  await alice.click('Put the call on hold');
  await alice.reads('On hold');
  await bob.reads(`${alice.name} has put the call on hold`);
  await eventually(() => alice.button('Hang up').isVisible()).toBe(false);
  expect(await bob.button('Hang up').isVisible()).toBe(true);
  for (const phone of [alice, bob]) {
    for (const picture of ['remote-video', 'local-video']) {
      await eventually(() => phone.page.getByTestId(picture).isVisible()).toBe(false);
    }
    await eventually(() => phone.button('Add video').isDisabled()).toBe(true);
    await expectNoMore(phone.page, 'sound');
  }
  await alice.click('Resume the call');
  await Promise.all([alice.seesBothPictures(), bob.seesBothPictures()]);
  await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test('video is asked for, agreed to in a dialog, and ended again', async () => {
  const [alice, bob] = await talking('Call');
  await alice.click('Add video');
  await alice.reads(`Waiting for ${bob.name} to agree to video …`);
  const dialog = bob.page.getByRole('alertdialog');
  await eventually(() => dialog.innerText()).toContain(`${alice.name} asks for video`);
  expect(await bob.page.evaluate(() => window.probe.devices().live)).not.toContain('video');
  await bob.click('Agree, with camera');
  await Promise.all([alice.seesBothPictures(), bob.seesBothPictures()]);
  await eventually(() => dialog.count()).toBe(0);
  await bob.click('End video for both');
  await eventually(() => alice.page.getByTestId('call-trouble').innerText()).toBe(
    `${bob.name} has ended the video.`,
  );
  await expectNoMore(alice.page, 'pictures');
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test('a request for video is refused by keyboard, and told', async () => {
  const [alice, bob] = await talking('Call');
  await alice.click('Add video');
  await eventually(() => bob.page.getByRole('alertdialog').count()).toBe(1);
  await tabTo(bob.page, 'Not now');
  await bob.page.keyboard.press('Enter');
  await eventually(() => alice.page.getByTestId('call-trouble').innerText()).toBe(
    `${bob.name} does not want video now.`,
  );
  await eventually(() => bob.page.getByRole('alertdialog').count()).toBe(0);
  expect(await bob.page.evaluate(() => window.probe.devices().asked)).toBe(1);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test('a hold by key is as the one by button: once, however long it is pressed, and not while something is under way', async () => {
  const [alice, bob] = await talking('Call');
  const { keyboard } = alice.page;
  await eventually(() => alice.button('Put the call on hold').isEnabled()).toBe(true);
  for (let i = 0; i < 6; i++) await keyboard.down('h');
  await keyboard.up('h');
  await bob.reads(`${alice.name} has put the call on hold`);
  await alice.reads('On hold');
  await scene.server.kill();
  await eventually(() => alice.button('Resume the call').isDisabled()).toBe(true);
  await keyboard.press('h');
  await scene.server.restart();
  await eventually(() => alice.button('Resume the call').isEnabled()).toBe(true);
  await alice.reads('On hold');
  expect(await alice.page.getByTestId('call-error').count()).toBe(0);
  await keyboard.press('h');
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test('video that is asked for again after a hold shows no own picture before its camera is open', async () => {
  const [alice, bob] = await talking('Video call');
  await alice.seesBothPictures();
  await alice.click('Put the call on hold');
  await bob.reads(/has put the call on hold/);
  await alice.page.evaluate(() => {
    const client = document.querySelector('ringline-phone')?.client;
    return client?.calls[0]?.resume({ askVideo: true });
  });
  await alice.reads(/^Waiting for .* to agree to video/);
  expect(await alice.page.getByTestId('local-video').isVisible()).toBe(false);
  await bob.click('Agree, with camera');
  await Promise.all([alice.seesBothPictures(), bob.seesBothPictures()]);
  await bob.click('End video for both');
  await alice.click('Add video');
  await alice.reads(/^Waiting for .* to agree to video/);
  await eventually(() => alice.page.getByTestId('local-video').isVisible()).toBe(true);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test('who holds is offered to hang up where the page wants that', async () => {
  const [alice, bob] = await talking('Call');
  const phone = alice.page.locator('ringline-phone');
  await phone.evaluate((element) => element.setAttribute('hang-up-while-holding', ''));
  await alice.click('Put the call on hold');
  await alice.reads('On hold');
  expect(await alice.button('Hang up').isVisible()).toBe(true);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test.each([
  ['audio', 1],
  ['without-video', 0],
] as const)('%s: the page offers video where there may be any', async (state, count) => {
  scene.calls = 0;
  const gallery = await Gallery.open(await scene.window());
  await gallery.show({ state, theme: 'light', lang: 'en' });
  const button = (name: string) => gallery.page.getByRole('button', { name, exact: true });
  await eventually(() => button('Put the call on hold').count()).toBe(1);
  expect(await button('Add video').count()).toBe(count);
});
