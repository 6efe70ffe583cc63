import { NO_CHROMIUM, ensureChromium } from './src/chromium.ts';
import { NO_COTURN, ensureCoturn } from './src/coturn.ts';
import { NO_NAMESPACES, ensureNamespaces, removeLeftNamespaces } from './src/namespaces.ts';
import { runHere } from './src/run.ts';

const chromium = ensureChromium();
const coturn = ensureCoturn();
const hasNamespaces = ensureNamespaces();

if (chromium === undefined) {
  console.error(`bench: ${NO_CHROMIUM}`);
  process.exitCode = 1;
} else {
  process.env['CHROMIUM_PATH'] = chromium;
  if (coturn === undefined) console.error(`NOT MEASURED: calls over a relay. ${NO_COTURN}`);
  else process.env['TURNSERVER_PATH'] = coturn;
  if (!hasNamespaces) console.error(`NOT MEASURED: slow lines. ${NO_NAMESPACES}`);
  else process.env['RINGLINE_NAMESPACES'] = '1';
  const program = ['bench/src/media/main.ts', ...process.argv.slice(2)];
  process.exitCode = await runHere(process.execPath, program);
  if (hasNamespaces) removeLeftNamespaces();
}
