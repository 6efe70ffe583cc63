import { findNats } from '@ringline/testkit/nats';
import { findPostgres } from '@ringline/testkit/postgres';
import { expect, test } from 'vitest';
import { BLOWS } from '../src/cluster/blows.ts';
import { proveCluster } from '../src/cluster/prove.ts';
import { isProved } from '../src/cluster/verdict.ts';

/** It lasts longer than this test may: `npm run prove:cluster` deals it. */
const TOO_LONG = 'a node cut off PostgreSQL past its lease';

const SIZE = {
  calls: 200,
  troupes: 6,
  nodes: 3,
  seed: 'short',
  rounds: 1,
  blows: BLOWS.filter((blow) => blow !== TOO_LONG),
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

test('40 users on three nodes, each blow dealt once: nothing is lost, doubled or rings on', async () => {
  const proof = await proveCluster({ ...SIZE, programs: programs() }, () => {});
  const { lost, doubled, flaws, verdict, recoveries } = proof;
  expect(flaws).toEqual([]);
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(verdict.printed).toContain('all fits together');
  expect(recoveries.map(({ what }) => what).toSorted()).toEqual(SIZE.blows.toSorted());
  expect(isProved(proof, SIZE.calls)).toBe(true);
});
