import { absentDevice } from '../../src/store/rows.ts';
import type { Device } from '../../src/store/store.ts';
import type { TestCluster } from './test-cluster.ts';

/** A node has died that held so many devices, each of another user, and never had a lease; the users. */
export async function die(cluster: TestCluster, count: number): Promise<readonly string[]> {
  const users = Array.from({ length: count }, (_, i) => `user${i}`);
  const at = cluster.clock.now();
  const devices = users.map((user) => deviceOfDeadNode(user, at));
  await cluster.clock.untilSettled(cluster.store.commit({ ...NOTHING, at, devices }));
  return users;
}

const NOTHING = {
  cause: { type: 'test' },
  calls: [],
  lines: [],
  expect: [],
  records: [],
  inbox: [],
  reads: [],
  quality: [],
  seen: [],
  events: [],
} as const;

function deviceOfDeadNode(user: string, boundAt: number): Device {
  return {
    ...absentDevice({ user, device: `${user}1` }),
    version: 1,
    binding: { incarnation: 'dead', connection: user, boundAt },
  };
}
