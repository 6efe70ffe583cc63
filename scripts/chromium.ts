import { NO_CHROMIUM, ensureChromium } from './src/chromium.ts';

const path = ensureChromium();
if (path === undefined) {
  console.error(`chromium: ${NO_CHROMIUM}`);
  process.exitCode = 1;
} else {
  console.log(path);
}
