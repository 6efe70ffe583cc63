import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { eventually, expectFlow, expectNoMore } from '../src/device.ts';
import { focusedName } from '../src/keyboard.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

/** What stands in the strip of the other call. */
function strip({ page }: Softphone): Promise<string> {
  return page.getByTestId('other-call').innerText();
}

function banner({ page }: Softphone) {
  return page.getByTestId('incoming');
}

async function talk(one: Softphone, other: Softphone): Promise<void> {
  await Promise.all([expectFlow(one.page, 'audio'), expectFlow(other.page, 'audio')]);
}

type Softphones = [alice: Softphone, bob: Softphone, carol: Softphone];

/** Alice talks with Bob, who does something, and Carol calls Bob. */
async function waiting(before?: (bob: Softphone) => Promise<void>): Promise<Softphones> {
  scene.calls = 2;
  // Each lists those who were there before.
  const alice = await Softphone.signIn(scene, 'alice');
  const bob = await Softphone.signIn(scene, 'bob');
  const carol = await Softphone.signIn(scene, 'carol');
  await bob.click(`Call ${alice.name}`);
  await alice.click('Answer');
  await talk(alice, bob);
  await before?.(bob);
  await carol.click(`Call ${bob.name}`);
  await eventually(() => banner(bob).count()).toBe(1);
  return [alice, bob, carol];
}

/** Whether a part of the page lies over a button. */
async function isCovered(phone: Softphone, name: string): Promise<boolean> {
  const [button, above] = await Promise.all([
    phone.button(name).boundingBox(),
    banner(phone).boundingBox(),
  ]);
  if (button === null || above === null) throw new Error(`${name} or the banner is not there.`);
  return above.y + above.height > button.y;
}

test('a second call is held and answered, swapped with the first, and its end brings that back', async () => {
  const [alice, bob, carol] = await waiting();
  await bob.page.setViewportSize({ width: 360, height: 640 });
  await eventually(() => banner(bob).getByRole('alert').innerText()).toContain(
    `from ${carol.name}`,
  );
  await eventually(() => isCovered(bob, 'Mute microphone')).toBe(false);
  await carol.reads(/^Ringing/);
  await expectFlow(bob.page, 'audio');

  await bob.click('Hold and answer');
  await talk(bob, carol);
  await alice.reads(`${bob.name} has put the call on hold`);
  await eventually(() => banner(bob).count()).toBe(0);
  await eventually(() => strip(bob)).toMatch(new RegExp(`${alice.name}\\s+On hold · \\d:\\d\\d`));
  await eventually(() => focusedName(bob.page)).toBe('Call');

  await bob.page.reload();
  await talk(bob, carol);
  await eventually(() => strip(bob)).toMatch(new RegExp(`${alice.name}\\s+On hold\\s`));

  await bob.click(`Swap to ${alice.name}`);
  await carol.reads(`${bob.name} has put the call on hold`);
  await talk(alice, bob);
  await eventually(() => strip(bob)).toContain(carol.name);
  await bob.page.keyboard.press('s');
  await alice.reads(`${bob.name} has put the call on hold`);
  await talk(bob, carol);

  await bob.click(`Hang up, and resume the call with ${alice.name}`);
  // This goes by itself: it is looked at first.
  await eventually(() => strip(bob)).toMatch(new RegExp(`${carol.name}\\s+Call ended`));
  await carol.reads(/^Call ended/);
  await talk(alice, bob);
  await bob.reads('In call');
  await bob.click('Hang up');
  await alice.reads(/^Call ended/);
});

test('a second call ends a full screen and is refused, which its caller is told in other words, and the first goes on', async () => {
  const [alice, bob, carol] = await waiting(async (phone) => phone.click('Full screen'));
  await eventually(() => bob.page.evaluate(() => document.fullscreenElement === null)).toBe(true);
  await bob.click('Refuse');
  await eventually(() => banner(bob).count()).toBe(0);
  await eventually(() => bob.page.getByTestId('other-call').count()).toBe(0);
  await carol.reads(`${bob.name} is busy`);
  await carol.click('Hang up');
  await eventually(() => carol.page.getByTestId('call').count()).toBe(0);
  await talk(alice, bob);
  await bob.click('Hang up');
  await alice.reads(/^Call ended/);
});

/** The window of a small call, in the size for which the browser is asked. */
async function smallWindowOf({ page }: Softphone): Promise<Page> {
  const others = () =>
    page
      .context()
      .pages()
      .filter((each) => each !== page);
  await eventually(() => others().length).toBe(1);
  const [small = page] = others();
  await small.setViewportSize({ width: 340, height: 250 });
  return small;
}

test('a small call in a window of its own tells of a second one, takes it, and swaps', async () => {
  const [alice, bob, carol] = await waiting((phone) => phone.click('Minimise the call'));
  scene.calls = 3;
  const small = await smallWindowOf(bob);
  const caller = small.getByTestId('caller');
  await eventually(() => caller.getByRole('alert').innerText()).toBe(`${carol.name} is calling`);
  await small.getByRole('button', { name: 'Hold and answer' }).click();
  await talk(bob, carol);
  await alice.reads(`${bob.name} has put the call on hold`);
  await eventually(() => caller.count()).toBe(0);
  await small.getByRole('button', { name: `Swap to ${alice.name}` }).click();
  await talk(alice, bob);
  await carol.click('Hang up');
  await carol.click(`Call ${bob.name}`);
  await small.getByRole('button', { name: 'Refuse' }).click();
  await carol.reads(`${bob.name} is busy`);
  await small.getByRole('button', { name: 'Hang up' }).click();
  await alice.reads(/^Call ended/);
});

test('the first call is ended for the second', async () => {
  const [alice, bob, carol] = await waiting();
  await alice.reads('In call');
  await bob.click('End and answer');
  await alice.reads(/^Call ended/);
  await talk(bob, carol);
  await eventually(() => bob.page.getByTestId('other-call').count()).toBe(0);
  await bob.click('Hang up');
  await carol.reads(/^Call ended/);
});

test('calling out holds the call that is on, and taking that back resumes it; without call waiting neither is offered', async () => {
  scene.calls = 2;
  const alice = await Softphone.signIn(scene, 'alice');
  const carol = await Softphone.signIn(scene, 'carol');
  const bob = await Softphone.signIn(scene, 'bob');
  await bob.click(`Call ${alice.name}`);
  await alice.click('Answer');
  await talk(alice, bob);
  await bob.click(`Call ${carol.name}`);
  await carol.reads(/^Incoming/);
  await alice.reads(`${bob.name} has put the call on hold`);
  await expectNoMore(alice.page, 'sound');
  await bob.click(`Cancel call, and resume the call with ${alice.name}`);
  await talk(alice, bob);

  await bob.open('settings');
  await bob.page.getByRole('switch', { name: 'Call waiting' }).uncheck({ force: true });
  await bob.open('contacts');
  await bob.click(`Call ${carol.name}`);
  await eventually(() => bob.page.getByTestId('call-error').innerText()).toBe(
    'Call waiting is turned off. End the call first.',
  );
  scene.calls = 3;
  await carol.click(`Call ${bob.name}`);
  await carol.reads(`${bob.name} is on another call`);
  expect(await banner(bob).count()).toBe(0);
  await bob.page.reload();
  await bob.isSignedIn();
  await talk(alice, bob);
  await bob.open('settings');
  expect(await bob.page.getByRole('switch', { name: 'Call waiting' }).isChecked()).toBe(false);
  await bob.click('Hang up');
  await alice.reads(/^Call ended/);
});
