import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, verify } from '@ringline/server';
import { fillWithCalls } from './lives.ts';

/*
 * `npm run bench:verify`: `ringline verify` over ten thousand calls and over a hundred thousand, each
 * with its log, record, events and messages: processor time, which is the same for each call in
 * either, and memory, which does not grow with them. Each store is filled by a process of its own.
 */
const SIZES = [10_000, 100_000];

const [work, dataDir = '', count = '0'] = process.argv.slice(2);
if (work === 'fill') {
  await fill(dataDir, Number(count));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-bench-verify-'));
  try {
    for (const size of SIZES) console.log(await measured(join(folder, String(size)), size));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(folder: string, size: number): Promise<void> {
  const store = await openStore({ dataDir: folder });
  await fillWithCalls(store, size);
  await store.close();
}

async function measured(folder: string, size: number): Promise<string> {
  execFileSync(process.execPath, [import.meta.filename, 'fill', folder, String(size)]);
  const store = await openStore({ dataDir: folder });
  const before = process.cpuUsage();
  const { items, conversations, flaws } = await verify(store, console.error);
  const { user, system } = process.cpuUsage(before);
  const { maxRSS } = process.resourceUsage();
  await store.close();
  const microseconds = user + system;
  return [
    `${size} calls, ${items} items, ${conversations} conversations`,
    `${(microseconds / 1e6).toFixed(1)} s of processor time`,
    `${(microseconds / size).toFixed(0)} µs for a call`,
    `${(maxRSS / 1024).toFixed(0)} MB at most`,
    `${flaws} flaws`,
  ].join(', ');
}
