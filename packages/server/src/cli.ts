#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { run } from './cli/run.ts';
import { stopAsked } from './cli/signals.ts';
import type { SignalHost } from './cli/signals.ts';
import { compose, openStore, transferStore } from './compose.ts';

const host: SignalHost = {
  on: (signal, heard) => void process.on(signal, () => heard(signal)),
  exit: (code) => process.exit(code),
  now: () => performance.now(),
};

const code = await run(process.argv.slice(2), {
  env: process.env,
  compose,
  openStore,
  transferStore,
  readFile: (path) => readFileSync(path, 'utf8'),
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  now: () => Date.now(),
  stopAsked: () => stopAsked(host),
});
// Whatever still holds the loop does not keep a stopped server alive.
process.exit(code);
