import { beforeAll, expect, test } from 'vitest';
import { eventually, expectFlow } from '../src/device.ts';
import { focusedName, tabTo } from '../src/keyboard.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

/** Lets no time pass for the page: on a busy machine a key that comes at once comes late. */
async function stopTime({ page }: Softphone): Promise<void> {
  await page.evaluate(() => {
    const now = performance.now();
    performance.now = () => now;
  });
}

async function letTimePass({ page }: Softphone): Promise<void> {
  await page.evaluate(() => Reflect.deleteProperty(performance, 'now'));
}

test('a whole call by keyboard alone: dialled, answered, muted, hung up', async () => {
  const bob = await Softphone.signIn(scene, 'bob');
  const alice = await Softphone.signIn(scene, 'alice');
  await stopTime(bob);
  await tabTo(alice.page, 'Call somebody by user id');
  await alice.page.keyboard.type(bob.user);
  await alice.page.keyboard.press('Enter');
  await alice.reads('Ringing on 1 device');
  await eventually(() => focusedName(bob.page)).toBe(`Incoming call from ${alice.name}`);
  // Enter that was meant for something else when the call came does not answer it.
  await bob.page.keyboard.press('Enter');
  await bob.reads('Incoming call');
  await letTimePass(bob);
  await eventually(async () => {
    await bob.page.keyboard.press('Enter');
    return bob.page.getByTestId('call-status').first().innerText();
  }).toMatch(/Connecting|In call/);
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  await alice.page.keyboard.press('m');
  await eventually(() => bob.page.getByTestId('peer-muted').isVisible()).toBe(true);
  // Escape closes what is open, and never a call.
  await alice.page.keyboard.press('Escape');
  await alice.reads('In call');
  await tabTo(alice.page, 'Hang up');
  await alice.page.keyboard.press('Enter');
  await Promise.all([alice.reads('Call ended'), bob.reads('Call ended')]);
});

test('whoever writes when a call comes goes on writing, and gets to the call by Alt+Enter', async () => {
  const bob = await Softphone.signIn(scene, 'bob');
  const [alice] = await scene.devices('alice');
  await tabTo(bob.page, 'Call somebody by user id');
  await bob.page.keyboard.type('car');
  await alice.call(bob.user);
  await bob.reads('Incoming call');
  await bob.page.keyboard.type('ol');
  expect(await bob.page.getByLabel('Call somebody by user id').inputValue()).toBe('carol');
  await bob.page.keyboard.press('Alt+Enter');
  await eventually(() => focusedName(bob.page)).toMatch(/^Incoming call from/);
  await tabTo(bob.page, 'Refuse');
  await bob.page.keyboard.press('Enter');
  await alice.sees({ endReason: 'refused' });
});
