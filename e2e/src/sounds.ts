import type { BrowserContext, Page } from 'playwright-core';

/** Tones that a page has begun. */
interface Heard {
  count: number;
}

/** Counts in every page of a window the tones that it begins. */
export async function listenIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const heard: Heard = { count: 0 };
    Object.assign(globalThis, { heard });
    class Counted extends OscillatorNode {
      override start(when?: number): void {
        heard.count++;
        super.start(when);
      }
    }
    Object.assign(globalThis, { OscillatorNode: Counted });
  });
}

/** How many tones a page has begun. */
export function tonesOf(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { heard: Heard }).heard.count);
}

/** A little more than a ringtone needs to sound again. */
const PAUSE_MS = 3_500;

/** Whether none of these pages begins a tone any more. */
export async function areSilent(pages: readonly Page[]): Promise<boolean> {
  const before = await Promise.all(pages.map(tonesOf));
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const after = await Promise.all(pages.map(tonesOf));
  return after.every((count, i) => count === before[i]);
}
