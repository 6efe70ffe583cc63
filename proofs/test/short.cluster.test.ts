import { findNats } from '@ringline/testkit/nats';
import { findPostgres } from '@ringline/testkit/postgres';
import { expect, test } from 'vitest';
import type { BlowName } from '../src/cluster/blows.ts';
import { BLOWS } from '../src/cluster/blows.ts';
import { proveCluster } from '../src/cluster/prove.ts';
import { timesDue } from '../src/cluster/schedule.ts';
import { isProved } from '../src/cluster/verdict.ts';

/** They last longer than this test may: `npm run prove:cluster` deals them. */
const TOO_LONG: ReadonlySet<BlowName> = new Set([
  'a node cut off PostgreSQL past its lease',
  'a node cut off PostgreSQL for long',
]);

const SIZE = {
  calls: 200,
  troupes: 6,
  nodes: 3,
  seed: 'short',
  rounds: 1,
  blows: BLOWS.filter((blow) => !TOO_LONG.has(blow)),
  judgedKinds: 2,
  pauseMs: 500,
  calmMs: 10_000,
  moods: ['well'],
  spans: { away: { min: 200, max: 1_000 }, silentMs: 6_000 },
  mayMissKinds: true,
} as const;

function programs() {
  const [postgres, nats] = [findPostgres(), findNats()];
  if (postgres === undefined || nats === undefined)
    throw new Error('PostgreSQL or NATS is missing');
  return { postgres, nats };
}

test('38 users on three nodes, each blow dealt once: nothing is lost, doubled or rings on', async () => {
  const proof = await proveCluster({ ...SIZE, programs: programs() }, () => {});
  const { lost, doubled, flaws, verdict, recoveries, people } = proof;
  expect(flaws).toEqual([]);
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(verdict.printed).toContain('all fits together');
  expect(recoveries.map(({ what }) => what).toSorted()).toEqual(SIZE.blows.toSorted());
  expect(people).toEqual({ users: 38, devices: 50, absent: 6 });
  expect(isProved(proof, { calls: SIZE.calls, blows: timesDue(SIZE) })).toBe(true);
});
