import { parseArgs } from 'node:util';
import { hasCoturn, hasNamespaces } from '@ringline/e2e';
import { FULL as MANY_LISTENERS, QUICK as FEW_LISTENERS, measureVoice } from '../voice/measure.ts';
import { voiceTable } from '../voice/table.ts';
import { measure } from './measure.ts';
import { FULL, MODES, QUICK } from './plan.ts';
import { readingCostLine } from './reading-cost.ts';
import type { Lines } from './stage.ts';
import { timesTable, trafficTable } from './table.ts';

const HELP = `npm run bench:media -- [--quick]

Measures calls between two real browsers: how long until one hears and sees the other, with and
without preparing the connection while it rings, after a hold, and when a picture is added; what is sent
before the accept; and what the server's voice costs.
  --quick    two calls of each kind instead of ten`;

const LOOPBACK: Lines = { name: 'loopback', delayMs: 0 };
/** Two lines lie between two devices, and one between a device and a server. */
const FAR: Lines = { name: '+40 ms each way', delayMs: 20 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function bench(): Promise<void> {
  const plan = values.quick ? QUICK : FULL;
  // Before the browsers begin: it measures processor time, too.
  if (process.platform === 'linux') {
    console.log(voiceTable(await measureVoice(values.quick ? FEW_LISTENERS : MANY_LISTENERS)));
  }
  const modes = MODES.filter((mode) => mode !== 'relay' || hasCoturn);
  for (const lines of hasNamespaces ? [LOOPBACK, FAR] : [LOOPBACK]) {
    const { samples, beforeAccept, readingCost } = await measure(lines, modes, plan, (what) =>
      console.error(`… ${what}`),
    );
    console.log(`\n${timesTable(`${lines.name}, ms`, samples.rows(), modes)}`);
    for (const [name, count] of samples.missing) console.log(`NEVER CAME, ${count} times: ${name}`);
    if (lines === LOOPBACK) {
      const title = `sent by the callee in ${plan.ringMs / 1000} s of ringing`;
      console.log(`\n${trafficTable(title, beforeAccept)}`);
      console.log(`\n${readingCostLine(readingCost)}`);
    }
  }
}

if (values.help) console.log(HELP);
else await bench();
