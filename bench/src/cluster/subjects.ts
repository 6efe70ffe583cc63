import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Bus, Clock, Randomness } from '@ringline/server';
import { natsBus } from '@ringline/server/bus/nats';
import { NatsServer } from '@ringline/testkit/nats';
import { treePids } from './process-tree.ts';

/** What one subject more that a node listens to keeps in memory. */
export interface SubjectBytes {
  readonly node: number;
  readonly nats: number;
}

/** Enough that what is there anyway does not count. */
const SUBJECTS = 50_000;
const WARM_UP = 5_000;

/** Listens to many subjects of the real bus at a real NATS, and reads memory before and after. */
export async function subjectBytes(program: string): Promise<SubjectBytes> {
  const nats = await NatsServer.start({ program });
  const [host = '', port = ''] = nats.address.split(':');
  const bus = natsBus({ servers: [`${host}:${port}`], tls: false, prefix: 'bench' }, PARTS);
  try {
    await bus.start();
    await listen(bus, 0, WARM_UP);
    const before = { node: heapBytes(), nats: residentBytes(nats.pid ?? -1) };
    await listen(bus, WARM_UP, SUBJECTS);
    const after = { node: heapBytes(), nats: residentBytes(nats.pid ?? -1) };
    return {
      node: (after.node - before.node) / SUBJECTS,
      nats: (after.nats - before.nats) / SUBJECTS,
    };
  } finally {
    await bus.close();
    await nats.kill();
  }
}

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
const randomness: Randomness = { bytes: (count) => randomBytes(count) };

const PARTS = {
  clock,
  randomness,
  log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  metrics: { busConnected: ignore, busCarried: ignore, busGap: ignore },
};

function ignore(): void {}

/** What is written to NATS is read by it within this. */
const SETTLE_MS = 2_000;

/** Watches so many users, and waits until NATS knows. */
async function listen(bus: Bus, from: number, count: number): Promise<void> {
  for (let user = from; user < from + count; user++) bus.watch(`user-${user}`, ignore);
  await sleep(SETTLE_MS);
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function residentBytes(root: number): number {
  const kilobytes = treePids(root).map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
}
