import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { Gallery } from '../src/gallery.ts';
import { useScene } from '../src/scene.ts';
import { buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

interface Axe {
  run(): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** What axe finds on a page, a line each. */
async function violationsOn(page: Page): Promise<string[]> {
  const script = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
  await page.evaluate(await readFile(script, 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  });
}

test.each([
  ['light', { width: 1440, height: 900 }],
  ['dark', { width: 1440, height: 900 }],
  ['light', { width: 390, height: 844 }],
  ['dark', { width: 390, height: 844 }],
] as const)(
  'axe finds nothing in any state of the phone, %s, at %o',
  async (theme, viewport) => {
    scene.calls = 0;
    const window = await scene.window({ viewport, reducedMotion: 'reduce' });
    const gallery = await Gallery.open(window);
    const found: string[] = [];
    for (const state of await gallery.states()) {
      await gallery.show({ state, theme, lang: 'en' });
      const violations = await violationsOn(gallery.page);
      found.push(...violations.map((violation) => `${state}: ${violation}`));
    }
    expect(found).toEqual([]);
  },
  240_000,
);

test.each(['light', 'dark'] as const)(
  'axe finds nothing on the sign-in page, %s',
  async (colorScheme) => {
    scene.calls = 0;
    const window = await scene.window({ colorScheme });
    const page = await window.newPage();
    await page.goto(scene.server.url);
    await page.getByLabel('Your user id').waitFor();
    expect(await violationsOn(page)).toEqual([]);
  },
);
