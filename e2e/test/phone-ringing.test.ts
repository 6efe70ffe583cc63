import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Device } from '../src/device.ts';
import { eventually } from '../src/device.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';
import { areSilent, listenIn, tonesOf } from '../src/sounds.ts';

const scene = useScene();
beforeAll(buildSoftphone);

/** Bob in three tabs of one window. */
async function bobsTabs(): Promise<Softphone[]> {
  const window = await scene.window();
  await listenIn(window);
  const tabs: Softphone[] = [];
  for (let i = 0; i < 3; i++) tabs.push(await Softphone.signIn(scene, 'bob', window));
  return tabs;
}

/** A tab that rings where it should not does so each time. */
const TRIES = 3;

const countTones = (pages: readonly Page[]) => Promise.all(pages.map(tonesOf));

/** Alice calls Bob, and takes it back once it rings: in how many of his tabs it rang aloud, after which all are silent. */
async function ringsIn(tabs: readonly Softphone[], alice: Device): Promise<number> {
  const pages = tabs.map(({ page }) => page);
  const before = await countTones(pages);
  const sounding = async () =>
    (await countTones(pages)).filter((count, i) => count > (before[i] ?? 0)).length;
  await alice.call(tabs[0]!.user);
  await Promise.all(tabs.map((tab) => tab.reads('Incoming call')));
  await eventually(sounding).toBe(1);
  await alice.sees({ state: 'ringing' });
  await alice.cancel();
  await Promise.all(tabs.map((tab) => tab.reads('Missed call')));
  expect(await areSilent(pages)).toBe(true);
  return sounding();
}

test('of three tabs one rings aloud, all alert, and all are silent once the call was taken back', async () => {
  const tabs = await bobsTabs();
  const [alice] = await scene.devices('alice');
  // The next in turn waits a moment for the end that silenced the one before; a busy machine may tell it later than that.
  let rang = 0;
  for (scene.calls = 0; rang !== 1 && scene.calls < TRIES; scene.calls++) {
    rang = await ringsIn(tabs, alice);
  }
  expect(rang).toBe(1);
});

/** Long enough to be heard in a browser that is busy. */
const RING_MS = 10_000;

test('a call that nobody answers stops ringing by itself', async () => {
  const tabs = await bobsTabs();
  const pages = tabs.map(({ page }) => page);
  const [alice] = await scene.devices('alice');
  await alice.call(tabs[0]!.user, { ringTimeoutMs: RING_MS });
  await Promise.all(tabs.map((tab) => tab.reads('Missed call')));
  expect(await areSilent(pages)).toBe(true);
  // It may have rung before it was looked at.
  expect(Math.max(...(await countTones(pages)))).toBeGreaterThan(0);
});

/** A window whose pages nobody sees, and that may show notifications. */
async function hiddenWindow(): Promise<BrowserContext> {
  const window = await scene.window();
  await window.addInitScript(() => {
    const shown: string[] = [];
    class Notification extends EventTarget {
      static readonly permission = 'granted';
      readonly #title: string;

      constructor(title: string) {
        super();
        this.#title = title;
        shown.push(title);
      }

      close(): void {
        shown.splice(shown.indexOf(this.#title), 1);
      }
    }
    Object.assign(globalThis, { Notification, shown });
    Object.defineProperty(document, 'hidden', { value: true });
  });
  return window;
}

test('a hidden tab shows a call on the desktop until its outcome is known', async () => {
  const bob = await Softphone.signIn(scene, 'bob', await hiddenWindow());
  const [alice] = await scene.devices('alice');
  const shown = () =>
    bob.page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown.length);
  await alice.call(bob.user);
  await eventually(shown).toBe(1);
  expect(await bob.page.evaluate(() => document.hidden)).toBe(true);
  await eventually(() => bob.page.title()).toMatch(/is calling/);
  await alice.cancel();
  await eventually(shown).toBe(0);
  await eventually(() => bob.page.title()).toMatch(/^1 missed call/);
});
