import { beforeAll, expect, test } from 'vitest';
import { eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

function sentFrom({ page }: Softphone): Promise<readonly string[]> {
  return page.evaluate(() => window.probe.devices().sentFrom);
}

test('a microphone chosen before a reload is the one of the next call; the phone says when another takes over', async () => {
  const bob = await Softphone.signIn(scene, 'bob');
  const alice = await Softphone.signIn(scene, 'alice');
  await alice.open('settings');
  await alice.click('Test microphone and camera');
  const meter = alice.page.getByRole('meter');
  await eventually(async () => Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(
    0,
  );
  await alice.page.getByLabel('Microphone').selectOption({ label: 'Fake Audio Input 2' });
  await alice.click('Stop the test');
  await eventually(() => alice.page.evaluate(() => window.probe.devices().live)).toEqual([]);
  await alice.page.reload();
  await alice.isSignedIn();
  await alice.click(`Call ${bob.name}`);
  await bob.click('Answer');
  await expectFlow(bob.page, 'audio');
  expect(await sentFrom(alice)).toEqual(['Fake Audio Input 2']);
  await alice.page.evaluate(() => window.probe.unplug('Fake Audio Input 2'));
  await eventually(() => alice.page.getByTestId('call-trouble').innerText()).toBe(
    'Continuing with Fake Default Audio Input.',
  );
  await eventually(() => sentFrom(alice)).toEqual(['Fake Default Audio Input']);
  await expectFlow(bob.page, 'audio');
  await alice.click('Hang up');
  await bob.reads('Call ended');
});
