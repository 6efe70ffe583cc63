import { spawnSync } from 'node:child_process';
import { NO_CHROMIUM, ensureChromium } from './src/chromium.ts';

const path = ensureChromium();
if (path === undefined) {
  console.error(`screens: ${NO_CHROMIUM}`);
  process.exitCode = 1;
} else {
  const args = ['e2e/screens/main.ts', ...process.argv.slice(2)];
  const env = { ...process.env, CHROMIUM_PATH: path };
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
}
