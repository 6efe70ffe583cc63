import { expect, test } from 'vitest';
import { Device, eventually, expectFlow } from '../src/device.ts';
import { useScene } from '../src/scene.ts';

const scene = useScene();

const CONNECTED = { state: 'established', connection: 'connected' } as const;

/** Chromium lets the timers of a page that was hidden for five minutes run once a minute. */
const HIDDEN_MS = 60_000;
/** And once a second while it has a peer connection with a live track. */
const HIDDEN_IN_CALL_MS = 1_000;

function hide(device: Device, timerMs: number): Promise<void> {
  return device.page.evaluate((ms) => window.probe.hideTab(ms), timerMs);
}

async function connectedPair(): Promise<[Device, Device]> {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await alice.call(bob);
  await bob.sees({ direction: 'incoming' });
  await bob.accept();
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  return [alice, bob];
}

test('a tab crashes in a call and is opened anew: sound is back both ways', async () => {
  const [alice, bob] = await connectedPair();
  const crashed = bob.page.waitForEvent('crash');
  const session = await bob.context.newCDPSession(bob.page);
  // It is never answered: who would answer is gone.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  const page = await bob.context.newPage();
  await page.goto(`${scene.server.url}/e2e/device.html`);
  const again = new Device(bob.user, bob.deviceId, page);
  await again.connect(await scene.rest.token(bob.user));
  await again.sees({ ...CONNECTED, restored: true });
  await alice.sees(CONNECTED);
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(page, 'audio')]);
  await again.end();
  await alice.sees({ state: 'ended', endReason: 'completed' });
});

test('in a hidden tab, whose timers run late, it rings, is answered, and stays in the call', async () => {
  const [alice, bob] = await scene.devices('alice', 'bob');
  await hide(bob, HIDDEN_MS);
  await alice.call(bob);
  await alice.sees({ state: 'ringing', legs: ['alerting'] });
  await hide(bob, HIDDEN_IN_CALL_MS);
  expect(await bob.accept()).toBe('done');
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  await hide(alice, HIDDEN_IN_CALL_MS);
  // Longer than the server waits for an answer to its pings.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  await Promise.all([alice.sees(CONNECTED), bob.sees(CONNECTED)]);
  await Promise.all([expectFlow(alice.page, 'audio'), expectFlow(bob.page, 'audio')]);
  expect([await alice.connection(), await bob.connection()]).toEqual(['connected', 'connected']);
  await alice.end();
  await bob.sees({ state: 'ended', endReason: 'completed' });
});

test('a duplicated tab gets a device id of its own: both ring, and neither turns the other away', async () => {
  const [alice] = await scene.devices('alice');
  const original = await scene.tab('bob');
  const opened = original.context.waitForEvent('page');
  // A window that a page opens begins with a copy of its storage, as a duplicated tab does.
  await original.page.evaluate(() => void window.open(location.href));
  const page = await opened;
  await page.waitForFunction(() => 'device' in window);
  const copy = new Device(original.user, undefined, page);
  await copy.connect(await scene.rest.token(copy.user));
  expect(await copy.ownId()).not.toBe(await original.ownId());
  await alice.call(original);
  await alice.sees({ state: 'ringing', legs: ['alerting', 'alerting'] });
  expect(await copy.accept()).toBe('done');
  await original.sees({ state: 'ended', endReason: 'answered-elsewhere' });
  await Promise.all([alice.sees(CONNECTED), copy.sees(CONNECTED)]);
  await eventually(() => original.connection()).toBe('connected');
  await alice.end();
  await copy.sees({ state: 'ended', endReason: 'completed' });
  expect([await original.connection(), await copy.connection()]).toEqual([
    'connected',
    'connected',
  ]);
});
