import { findNats } from '@ringline/testkit/nats';
import { findPostgres } from '@ringline/testkit/postgres';
import { BLOWS } from './blows.ts';
import { BREAKS } from './estate.ts';
import { proveCluster } from './prove.ts';
import { spanOf, tableOf } from './recoveries.ts';
import { isProved } from './verdict.ts';

/*
 * `npm run prove:cluster`: three hundred users, three nodes, and every blow several times. Another
 * seed is another story: `SEED=…`. `BLOW='NATS killed'` deals that one only. `BREAK=bus` and `BREAK=records` break it for good, and it fails.
 */
const postgres = findPostgres();
const nats = findNats();
if (postgres === undefined || nats === undefined) {
  console.error('NOT RUN: it needs PostgreSQL and nats-server (POSTGRES_BIN, NATS_SERVER_PATH).');
  process.exit(1);
}
const breaks = BREAKS.find((each) => each === process.env['BREAK']);
const only = process.env['BLOW'];
const size = {
  calls: Number(process.env['CALLS'] ?? 3_000),
  troupes: Number(process.env['TROUPES'] ?? 48),
  seed: process.env['SEED'] ?? 'cluster',
  nodes: 3,
  blows: BLOWS.filter((blow) => only === undefined || blow.startsWith(only)),
  rounds: Number(process.env['ROUNDS'] ?? 3),
  pauseMs: 2_000,
  calmMs: 20_000,
  moods: ['well', 'failing', 'stalling', 'dead', 'well'] as const,
  spans: { away: { min: 500, max: 4_000 }, silentMs: 10_000 },
  programs: { postgres, nats },
  ...(breaks && { breaks }),
};
const began = Date.now();
const at = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
const proof = await proveCluster(size, (text) => console.log(`${at()}: ${text}`));

console.log(proof.verdict.printed.trim());
for (const flaw of proof.flaws) console.error(flaw);
for (const [kind, times] of Object.entries(proof.kinds)) console.log(`${times} × ${kind}`);
console.log(`webhooks that came more than once, and were known by their id: ${proof.repeated}`);
console.log(`calls that were made though their making came to an error: ${proof.doubtful}`);
console.log(`phones learnt of ends after ${spanOf(proof.farewells)}`);
console.log(tableOf(proof.recoveries));
console.log(
  `${proof.messages} messages and ${proof.invitations} bare invitations, counted as well`,
);
const { records, lost, doubled, kills } = proof;
console.log(`${at()} in all`);
console.log(`${records} calls, ${lost} lost, ${doubled} doubled, ${kills} kills`);
process.exit(isProved(proof, size.calls) ? 0 : 1);
