import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { Gallery } from '../src/gallery.ts';
import { useScene } from '../src/scene.ts';
import { Softphone, buildSoftphone } from '../src/softphone.ts';

const scene = useScene();
beforeAll(buildSoftphone);

interface Axe {
  run(options: { readonly resultTypes: readonly string[] }): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** What axe finds on a page, a line each. */
async function violationsOn(page: Page): Promise<string[]> {
  const script = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
  await page.evaluate(await readFile(script, 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  });
}

const LOOKS = [
  { theme: 'light', size: { width: 1440, height: 900 } },
  { theme: 'dark', size: { width: 390, height: 844 } },
  // A desktop at twice its size, or a phone that lies on its side.
  { theme: 'dark', size: { width: 640, height: 400 } },
] as const;

/** Longer than the last step of a state of the gallery takes. */
const SETTLE_MS = 400;

/** So often is looked at what a busy machine has not finished: what is wrong stays so. */
const TRIES = 5;

/** What axe finds on a page, and goes on finding, a line each. */
async function lastingViolationsOn(page: Page): Promise<string[]> {
  let found = await violationsOn(page);
  for (let tries = 1; tries < TRIES && found.length > 0; tries++) {
    await page.waitForTimeout(SETTLE_MS);
    found = await violationsOn(page);
  }
  return found;
}

/** What axe finds in these states, a line each. */
async function violationsIn(gallery: Gallery, states: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const state of states) {
    await gallery.show({ state, theme: 'light', lang: 'en' }, SETTLE_MS);
    for (const { theme, size } of LOOKS) {
      await gallery.repaint(theme, size);
      const violations = await lastingViolationsOn(gallery.page);
      found.push(...violations.map((violation) => `${state}, ${theme}: ${violation}`));
    }
  }
  return found;
}

test('axe finds nothing in any state of the phone, in either theme, wide or narrow', async () => {
  scene.calls = 0;
  // Two pages, as a state takes more time to come than to be looked at.
  const open = async () => Gallery.open(await scene.window({ reducedMotion: 'reduce' }));
  const galleries = await Promise.all([open(), open()]);
  const states = await galleries[0].states();
  expect(states.length).toBeGreaterThan(40);
  const found = await Promise.all(
    galleries.map((gallery, turn) =>
      violationsIn(
        gallery,
        states.filter((_, at) => at % galleries.length === turn),
      ),
    ),
  );
  expect(found.flat()).toEqual([]);
}, 900_000);

test.each(['light', 'dark'] as const)(
  'axe finds nothing on the page of the softphone, before and after signing in, %s',
  async (colorScheme) => {
    scene.calls = 0;
    const window = await scene.window({ colorScheme });
    const page = await window.newPage();
    await page.goto(scene.server.url);
    await page.getByLabel('Your user id').waitFor();
    expect(await lastingViolationsOn(page)).toEqual([]);
    const alice = await Softphone.signIn(scene, 'alice', window);
    expect(await lastingViolationsOn(alice.page)).toEqual([]);
  },
);
