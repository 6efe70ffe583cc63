import { onTestFinished, test } from 'vitest';
import { eventually, expectFlow } from '../src/device.ts';
import { serveExample } from '../src/example.ts';
import type { Example } from '../src/example.ts';
import { expectRecords } from '../src/records.ts';
import { useScene } from '../src/scene.ts';
import { Softphone } from '../src/softphone.ts';

const scene = useScene();
let calls = 0;

async function signIn(url: string, user: string): Promise<Softphone> {
  const page = await (await scene.window()).newPage();
  await page.goto(url);
  await page.getByLabel('You are').fill(user);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await eventually(() => page.getByTestId('connection').innerText()).toBe('Connected');
  return new Softphone(user, page);
}

test.each<Example>([
  { name: 'html', how: 'built' },
  { name: 'react', how: 'built' },
  { name: 'react', how: 'in development' },
  { name: 'vue', how: 'built' },
])('a call in the example of $name, $how, by a button of its page', async (example) => {
  // The button of the examples calls Bob: these users are the same in all tests of this file.
  scene.calls = 0;
  const served = await serveExample(example, scene.server.url);
  onTestFinished(() => served.close());
  const [alice, bob] = await Promise.all([signIn(served.url, 'alice'), signIn(served.url, 'bob')]);
  await alice.click('Call Bob');
  await alice.reads('Ringing on 1 device');
  await bob.click('Answer');
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  await bob.click('Hang up');
  await alice.reads('Call ended');
  await expectRecords(scene.rest, ['alice', 'bob'], ++calls);
  await Promise.all([alice.click('Sign out'), bob.click('Sign out')]);
  await eventually(() => alice.page.getByLabel('You are').isVisible()).toBe(true);
});
