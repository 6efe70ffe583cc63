import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareOutboxes } from './outbox.ts';
import { compareRecords } from './records.ts';

/*
 * `npm run bench:records`: the last fifty records of a user among a thousand and among a million,
 * with each filter, and what one more record costs in either; and the same of what customers'
 * servers are told. In one run, as ratios.
 */
const PARTS = { records: compareRecords, outbox: compareOutboxes };

const folder = mkdtempSync(join(tmpdir(), 'ringline-bench-records-'));
try {
  const [only] = process.argv.slice(2);
  for (const [name, part] of Object.entries(PARTS)) {
    if (only === undefined || only === name) await part(folder);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
