import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, verify } from '@ringline/server';
import { fillWithCalls } from './lives.ts';

/*
 * `npm run bench:verify`: `ringline verify` over ten thousand calls and over a hundred thousand, each
 * with its log, record, events and messages. What a call costs in either is the same if nothing is
 * read twice.
 */
const SIZES = [10_000, 100_000];

const folder = mkdtempSync(join(tmpdir(), 'ringline-bench-verify-'));
try {
  for (const size of SIZES) console.log(await measured(size));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measured(size: number): Promise<string> {
  const store = openStore({ dataDir: join(folder, String(size)) });
  await fillWithCalls(store, size);
  await store.close();
  // Opened anew, as the program does it: nothing is at hand.
  const opened = openStore({ dataDir: join(folder, String(size)) });
  const before = performance.now();
  const { flaws } = await verify(opened, console.error);
  const ms = performance.now() - before;
  const peak = process.resourceUsage().maxRSS / 1024;
  await opened.close();
  const each = ((ms * 1000) / size).toFixed(0);
  const seconds = (ms / 1000).toFixed(1);
  return `${size} calls: ${seconds} s, ${each} µs each, ${peak.toFixed(0)} MB at most, ${flaws} flaws`;
}
