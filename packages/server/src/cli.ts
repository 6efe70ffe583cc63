#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { run } from './cli/run.ts';
import { stopAsked } from './cli/signals.ts';
import { compose } from './compose.ts';

const code = await run(process.argv.slice(2), {
  env: process.env,
  compose,
  readFile: (path) => readFileSync(path, 'utf8'),
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  now: () => Date.now(),
  stopAsked,
});
// Whatever still holds the loop does not keep a stopped server alive.
process.exit(code);
