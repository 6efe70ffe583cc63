import { parseArgs } from 'node:util';
import { keptRun } from '../cluster/kept.ts';
import { ASSUMPTIONS } from './assumptions.ts';
import { writePages } from './pages.ts';
import { routingPlan } from './plan.ts';
import { route } from './routing.ts';
import { capacityIn, textsOf } from './tables.ts';

const HELP = `npm run bench:scaling -- [--write]

What a million users online and a thousand new calls a second need, from the run that was kept of
npm run bench:cluster, and a simulation of how nodes route what they tell each other at that size.
  --write    writes the tables into docs/performance.md and docs/scaling.md`;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else {
  const run = keptRun();
  const routed = route(routingPlan(ASSUMPTIONS, capacityIn(run)));
  const texts = textsOf(run, routed);
  if (values.write) writePages(texts);
  for (const [name, text] of Object.entries(texts)) console.log(`${name}\n\n${text}\n`);
}
