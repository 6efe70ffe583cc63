import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
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

async function sounding(pages: readonly Page[]): Promise<number> {
  const counts = await Promise.all(pages.map(tonesOf));
  return counts.filter((count) => count > 0).length;
}

test('of three tabs one rings aloud, all alert, and all are silent once the call was taken back', async () => {
  const tabs = await bobsTabs();
  const pages = tabs.map(({ page }) => page);
  const [alice] = await scene.devices('alice');
  await alice.call(tabs[0]!.user);
  await Promise.all(tabs.map((tab) => tab.reads('Incoming call')));
  await eventually(() => sounding(pages)).toBe(1);
  await alice.sees({ state: 'ringing' });
  await alice.cancel();
  await Promise.all(tabs.map((tab) => tab.reads('Missed call')));
  expect(await areSilent(pages)).toBe(true);
  expect(await sounding(pages)).toBe(1);
});

test('a call that nobody answers stops ringing by itself', async () => {
  const [bob] = await bobsTabs();
  const [alice] = await scene.devices('alice');
  await alice.call(bob!.user, { ringTimeoutMs: 5_000 });
  await bob!.reads('Incoming call');
  await bob!.reads('Missed call');
  expect(await areSilent([bob!.page])).toBe(true);
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
