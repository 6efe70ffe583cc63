import { beforeAll, expect, test } from 'vitest';
import { eventually, expectFlow, expectNoMore } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

/** Bob first, so that Alice finds him in her first list of people. */
async function aliceAndBob(): Promise<[Softphone, Softphone]> {
  const bob = await Softphone.signIn(scene, 'bob');
  return [await Softphone.signIn(scene, 'alice'), bob];
}

test('two people find, call and see each other, hang up, and both find the call in their lists', async () => {
  const [alice, bob] = await aliceAndBob();
  await alice.click(`Video call ${bob.name}`);
  await alice.reads('Ringing on 1 device');
  await bob.reads('Incoming video call');
  await bob.click('Answer with video');
  await Promise.all([alice.seesBothPictures(), bob.seesBothPictures()]);
  await Promise.all([expectFlow(alice.page, 'both'), expectFlow(bob.page, 'both')]);
  await eventually(() => alice.page.getByRole('timer').innerText()).toMatch(/^\d+:(?!00)\d\d$/);
  await alice.click('Hang up');
  await Promise.all([alice.reads('Call ended'), bob.reads('Call ended')]);
  for (const phone of [alice, bob]) {
    await eventually(() => phone.outcomes()).toEqual([
      expect.stringMatching(/^Completed · \d+:\d\d$/),
    ]);
  }
});

test('an audio call by typed user id: mute silences it, and the names of the buttons say so', async () => {
  const [alice, bob] = await aliceAndBob();
  await alice.page.getByLabel('Call somebody by user id').fill(bob.user);
  await alice.page.keyboard.press('Enter');
  await bob.reads('Incoming call');
  await bob.click('Answer');
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  await alice.click('Mute microphone');
  await expectNoMore(bob.page, 'sound');
  expect(await alice.button('Unmute microphone').isVisible()).toBe(true);
  expect(await alice.button('Turn camera off').isVisible()).toBe(false);
  await bob.click('Hang up');
  await alice.reads('Call ended');
});

test('cancelled, refused, unanswered: each is worded from one’s own side, missed ones stand out', async () => {
  scene.calls = 2;
  const [alice, bob] = await aliceAndBob();
  await alice.click(`Call ${bob.name}`);
  await bob.reads('Incoming call');
  await alice.click('Cancel call');
  await bob.reads('Missed call');
  await alice.click(`Call ${bob.name}`);
  await bob.reads('Incoming call');
  await bob.click('Refuse');
  await alice.reads(`${bob.name} is busy`);
  await eventually(() => alice.outcomes()).toEqual(['Refused', 'Cancelled']);
  await eventually(() => bob.outcomes()).toEqual(['You refused', 'Cancelled by the caller']);
  expect(await bob.page.getByTestId('history').locator('.missed').count()).toBe(1);
});

test('the impatient double-click Call, Answer and Hang up: it is one call, and nobody is called again', async () => {
  const [alice, bob] = await aliceAndBob();
  await alice.button(`Call ${bob.name}`).dblclick();
  await bob.reads('Incoming call');
  await bob.button('Answer').dblclick();
  await alice.reads('In call');
  await alice.button('Hang up').dblclick();
  await Promise.all([alice.reads('Call ended'), bob.reads('Call ended')]);
  await alice.click('Close');
  expect(await bob.button('Answer').isVisible()).toBe(false);
});

test('a double click on Refuse opens nothing that lies beneath', async () => {
  const [alice, bob] = await aliceAndBob();
  await bob.page.setViewportSize({ width: 390, height: 844 });
  await alice.click(`Call ${bob.name}`);
  await bob.reads('Incoming call');
  await bob.button('Refuse').dblclick();
  await alice.reads(`${bob.name} is busy`);
  await eventually(() => bob.page.getByTestId('call').count()).toBe(0);
  expect(await bob.page.locator('ringline-phone').getAttribute('peer')).toBeNull();
});

test('a click on a past call calls back', async () => {
  scene.calls = 2;
  const [alice, bob] = await aliceAndBob();
  await alice.click(`Call ${bob.name}`);
  await bob.reads('Incoming call');
  await alice.click('Cancel call');
  await bob.reads('Missed call');
  await bob.open('calls');
  await bob.page.getByTestId('history').getByTitle(`Call ${alice.name} back`).click();
  await alice.reads('Incoming call');
  await alice.click('Refuse');
  await bob.reads(`${alice.name} is busy`);
  expect(await scene.rest.records(bob.user)).toHaveLength(2);
});

test('the microphone is blocked: the page says what to do, and the call can still be answered', async () => {
  const [alice, bob] = await aliceAndBob();
  await alice.click(`Call ${bob.name}`);
  await bob.reads('Incoming call');
  await bob.page.evaluate(() => window.probe.denyDevices(true));
  await bob.click('Answer');
  await eventually(() => bob.page.getByTestId('call-error').innerText()).toMatch(
    /microphone is blocked/,
  );
  await bob.page.evaluate(() => window.probe.denyDevices(false));
  await bob.click('Answer');
  await alice.reads('In call');
  await eventually(() => bob.page.getByTestId('call-error').isVisible()).toBe(false);
  await alice.click('Hang up');
  await bob.reads('Call ended');
});

test('messages arrive, also later, and what people write is never markup', async () => {
  scene.calls = 0;
  const [alice, bob] = await aliceAndBob();
  const words = '<img src=x onerror="document.title=1"> & <b>bold</b>';
  await alice.page.getByTitle(`Message ${bob.name}`).click();
  await alice.page.getByLabel(`Write to ${bob.name}`).fill(words);
  await alice.click('Send');
  await eventually(() => bob.rowOf(alice).getByTestId('unread').innerText()).toBe('1 unread');
  await bob.page.getByTitle(`Message ${alice.name}`).click();
  await eventually(() => bob.messages()).toEqual([words]);
  expect(await bob.page.title()).toBe('Ringline');
  await bob.page.getByLabel(`Write to ${alice.name}`).fill('Hello');
  await bob.page.keyboard.press('Enter');
  await eventually(() => alice.messages()).toEqual([words, 'Hello']);
  await alice.page.reload();
  await alice.isSignedIn();
  await alice.page.getByTitle(`Message ${bob.name}`).click();
  await eventually(() => alice.messages()).toEqual([words, 'Hello']);
});

test('two tabs of one window are two people, and a reload in a call comes back to it', async () => {
  const alice = await Softphone.signIn(scene, 'alice');
  const bob = await Softphone.signIn(scene, 'bob', alice.page.context());
  await bob.click(`Video call ${alice.name}`);
  await alice.click('Answer with video');
  await alice.seesBothPictures();
  await alice.page.reload();
  await alice.isSignedIn();
  await alice.seesBothPictures();
  await bob.seesBothPictures();
  await alice.click('Hang up');
  await bob.reads('Call ended');
  expect(await scene.rest.records(bob.user)).toMatchObject([{ status: 1, type: 'video' }]);
});

test('the server is away in a call: the page says so, the call goes on, and is listed afterwards', async () => {
  const [alice, bob] = await aliceAndBob();
  await alice.click(`Call ${bob.name}`);
  await bob.click('Answer');
  await expectFlow(alice.page, 'audio');
  await scene.server.kill();
  await eventually(() => alice.page.getByTestId('connection').innerText()).toBe('Reconnecting …');
  await expectFlow(alice.page, 'audio');
  await scene.server.restart();
  await Promise.all([alice.isSignedIn(), bob.isSignedIn()]);
  await alice.click('Hang up');
  for (const phone of [alice, bob]) {
    await eventually(() => phone.outcomes()).toEqual([expect.stringMatching(/^Completed/)]);
  }
});
