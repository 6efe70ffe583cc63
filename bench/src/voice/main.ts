import { parseArgs } from 'node:util';
import { FULL, QUICK, measureVoice } from './measure.ts';
import { voiceTable } from './table.ts';

const HELP = `npm run bench:voice -- [--quick]

Measures what the server's voice costs: processor and memory for each listener, and how soon it is heard. The
listeners are devices without a browser, in a process of their own.
  --quick    40 listeners instead of 200`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else if (process.platform !== 'linux') {
  console.error(
    'NOT MEASURED: the voice. Other systems than Linux do not tell what a process uses.',
  );
} else console.log(voiceTable(await measureVoice(values.quick ? QUICK : FULL)));
