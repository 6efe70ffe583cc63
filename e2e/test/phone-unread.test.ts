import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

/** Bob at two machines, and Alice. */
async function bobTwiceAndAlice(): Promise<[Softphone, Softphone, Softphone]> {
  const bob1 = await Softphone.signIn(scene, 'bob');
  const bob2 = await Softphone.signIn(scene, 'bob');
  return [bob1, bob2, await Softphone.signIn(scene, 'alice')];
}

async function write(from: Softphone, to: Softphone, ...texts: string[]): Promise<void> {
  await from.page.getByTitle(`Message ${to.name}`).click();
  for (const text of texts) {
    await from.page.getByLabel(`Write to ${to.name}`).fill(text);
    await from.page.keyboard.press('Enter');
  }
  await eventually(() => from.progress()).not.toEqual([]);
}

test('a missed call is counted at both machines of its user, until one of them looks at the list', async () => {
  scene.calls = 2;
  const [bob1, bob2, alice] = await bobTwiceAndAlice();
  for (const told of ['1 missed call', '2 missed calls']) {
    await alice.click(`Call ${bob1.name}`);
    await bob2.reads('Incoming call');
    await alice.click('Cancel call');
    for (const bob of [bob1, bob2]) {
      await eventually(() => bob.badge('calls')).toBe(told);
      await eventually(() => bob.page.title()).toBe(`${told} – Ringline`);
    }
  }
  // A missed call has its own count: it is no message.
  expect(await bob1.badge('messages')).toBe('');

  await bob1.open('calls');
  await eventually(() => bob1.page.getByTestId('history').locator('.new').count()).toBe(2);
  for (const bob of [bob1, bob2]) {
    await eventually(() => bob.badge('calls')).toBe('');
    await eventually(() => bob.page.title()).toBe('Ringline');
  }
  await bob2.open('calls');
  await eventually(() => bob2.page.getByTestId('history').locator('.missed').count()).toBe(2);
  expect(await bob2.page.getByTestId('history').locator('.new').count()).toBe(0);
  await bob1.page.reload();
  await bob1.isSignedIn();
  await eventually(() => bob1.outcomes()).toHaveLength(2);
  expect(await bob1.badge('calls')).toBe('');
});

test('what is unread is counted at both machines, and read at both once one of them reads it', async () => {
  scene.calls = 0;
  const [bob1, bob2, alice] = await bobTwiceAndAlice();
  await write(alice, bob1, 'One', 'Two');
  for (const bob of [bob1, bob2]) {
    await eventually(() => bob.badge('messages')).toBe('2 unread');
    await eventually(() => bob.rowOf(alice).getByTestId('unread').innerText()).toBe('2 unread');
  }
  await eventually(() => alice.progress()).toEqual(['Delivered']);

  await bob1.openConversation(alice);
  for (const bob of [bob1, bob2]) await eventually(() => bob.badge('messages')).toBe('');
  await eventually(() => alice.progress()).toEqual(['Read']);
  await eventually(() => bob1.page.getByTestId('messages').locator('[data-new]').count()).toBe(1);

  // Whoever comes later finds nothing new.
  const bob3 = await Softphone.signIn(scene, 'bob');
  await eventually(() => bob3.page.getByTestId('conversations').locator('li').count()).toBe(1);
  expect(await bob3.badge('messages')).toBe('');
});

test('a message is sent, delivered once a machine has it, and read once somebody has seen it', async () => {
  scene.calls = 0;
  const before = await Softphone.signIn(scene, 'bob');
  const alice = await Softphone.signIn(scene, 'alice');
  await before.page.close();
  await write(alice, before, 'Are you there?');
  await eventually(() => alice.progress()).toEqual(['Sent']);
  const bob = await Softphone.signIn(scene, 'bob');
  await eventually(() => alice.progress()).toEqual(['Delivered']);
  await bob.openConversation(alice);
  await eventually(() => alice.progress()).toEqual(['Read']);
  await alice.page.getByLabel(`Write to ${bob.name}`).fill('And now?');
  await bob.page.close();
  await alice.page.keyboard.press('Enter');
  await eventually(() => alice.progress()).toEqual(['Read', 'Sent']);
  expect(await alice.messages()).toEqual(['Are you there?', 'And now?']);
});

test('an answered call leaves nothing unread, and a page in Chinese says all of it in Chinese', async () => {
  const window = await scene.window({ locale: 'zh-CN' });
  const bob = await Softphone.signIn(scene, 'bob', window);
  const alice = await Softphone.signIn(scene, 'alice');
  await alice.click(`Call ${bob.name}`);
  await bob.click('接听');
  await alice.reads('In call');
  await alice.click('Hang up');
  await eventually(() => bob.outcomes()).toHaveLength(1);
  expect([await bob.badge('messages'), await bob.badge('calls')]).toEqual(['', '']);
  await alice.click('Close');
  await bob.click('关闭');
  await write(alice, bob, 'One');
  await eventually(() => bob.badge('messages')).toBe('1 条未读');
  await bob.openConversation(alice);
  await bob.page.getByLabel(`给 ${alice.name} 写消息`).fill('二');
  await bob.page.keyboard.press('Enter');
  await eventually(() => bob.progress()).toEqual(['已读']);
});
