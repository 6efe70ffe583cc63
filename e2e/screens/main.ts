/** Takes a picture of every state of the UI kit, in both sizes, themes and languages. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../src/browser.ts';
import { Gallery } from '../src/gallery.ts';

const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
} as const;
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'zh-CN'] as const;

// All of them, or those whose names match.
const [folder = 'screens', wanted] = process.argv.slice(2);
const pattern = new RegExp(wanted ?? '');
if (wanted === undefined) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const browser = await launchChromium();
let taken = 0;
for (const [size, viewport] of Object.entries(SIZES)) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  const gallery = await Gallery.open(context);
  for (const state of await gallery.states()) {
    for (const theme of THEMES) {
      for (const lang of LANGUAGES) {
        const name = `${state}.${size}.${theme}.${lang}.png`;
        if (!pattern.test(name)) continue;
        await gallery.show({ state, theme, lang });
        await gallery.page.screenshot({ path: join(folder, name) });
        taken++;
      }
    }
  }
  await context.close();
}
await browser.close();
console.log(`screens: ${taken} pictures in ${folder}`);
