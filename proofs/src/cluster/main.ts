import { findNats } from '@ringline/testkit/nats';
import { findPostgres } from '@ringline/testkit/postgres';
import type { Options } from './options.ts';
import { optionsOf } from './options.ts';
import type { ClusterProof } from './prove.ts';
import { proveCluster } from './prove.ts';
import { spanOf, tableOf } from './recoveries.ts';
import { timesDue } from './schedule.ts';
import { isProved, lacksOf } from './verdict.ts';

/*
 * `npm run prove:cluster`: three hundred users, three nodes, and every blow several times. Another
 * seed is another story: `SEED=…`. `BLOW='NATS killed'` deals that one only. `BREAK=bus`, `BREAK=deaf`
 * and `BREAK=records` break it, and it fails.
 */
function giveUp(why: string): never {
  console.error(why);
  process.exit(1);
}

function options(): Options {
  try {
    return optionsOf(process.env);
  } catch (error) {
    giveUp(`NOT RUN: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tell({ people, judgements, ...proof }: ClusterProof): void {
  const { users, devices, absent } = people;
  console.log(proof.verdict.printed.trim());
  for (const flaw of proof.flaws) console.error(flaw);
  for (const [kind, times] of Object.entries(proof.kinds)) console.log(`${times} × ${kind}`);
  console.log(`${users} users with ${devices} devices, and ${absent} without one until the end`);
  console.log(`webhooks that came more than once, and were known by their id: ${proof.repeated}`);
  console.log(`calls that were made though their making came to an error: ${proof.doubtful}`);
  console.log(`phones learnt of ends after ${spanOf(proof.farewells)}`);
  console.log(`calls that had to ring, as nothing excused them: ${judgements.length}`);
  console.log(tableOf(proof.recoveries));
  console.log(
    `${proof.messages} messages and ${proof.invitations} bare invitations, counted as well`,
  );
}

const postgres = findPostgres();
const nats = findNats();
const { breaks, ...asked } = options();
if (postgres === undefined || nats === undefined) {
  giveUp('NOT RUN: it needs PostgreSQL and nats-server (POSTGRES_BIN, NATS_SERVER_PATH).');
}
const size = {
  ...asked,
  nodes: 3,
  judgedKinds: asked.blows.length,
  pauseMs: 2_000,
  calmMs: 20_000,
  moods: ['well', 'failing', 'stalling', 'dead', 'well'] as const,
  spans: { away: { min: 500, max: 4_000 }, silentMs: 10_000 },
  programs: { postgres, nats },
  ...(breaks && { breaks }),
};
const wanted = { calls: size.calls, blows: timesDue(size) };
const began = Date.now();
const at = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
const proof = await proveCluster(size, (text) => console.log(`${at()}: ${text}`));

tell(proof);
for (const lack of lacksOf(proof, wanted)) console.error(lack);
const { records, lost, doubled, kills } = proof;
console.log(`${at()} in all`);
console.log(`${records} calls, ${lost} lost, ${doubled} doubled, ${kills} kills`);
process.exit(isProved(proof, wanted) ? 0 : 1);
