import { parseArgs } from 'node:util';
import { figuresOf } from './figures.ts';
import { measure } from './measure.ts';
import { FULL, QUICK } from './plan.ts';
import { profile } from './profile.ts';
import { tableOf } from './table.ts';

const HELP = `npm run bench -- [--quick | --profile]

Compares the server with a bare WebSocket relay that passes the same frames.
  --quick    less of everything, under forty seconds; figures are rougher
  --profile  no comparison: which part of the server takes which share of its time`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (what: string) => console.error(`… ${what}`);

if (values.help) console.log(HELP);
else if (values.profile) console.log(await profile(FULL, say));
else console.log(tableOf(figuresOf(await measure(values.quick ? QUICK : FULL, say))));
