import { SystemClock } from '../../src/system-clock.ts';
import { SystemRandomness } from '../../src/system-randomness.ts';
import { afterEach } from 'vitest';
import type { WireBus } from '../../src/cluster/wire-bus.ts';
import type { WireBusParts } from '../../src/cluster/wire-bus.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { CountedBus } from './counted-bus.ts';

const open: WireBus[] = [];

afterEach(async () => {
  for (const bus of open.splice(0)) await bus.close();
});

/** What a bus of a test is made of, in real time. */
export interface RealParts extends WireBusParts {
  readonly log: MemoryLog;
  readonly metrics: CountedBus;
}

export function realParts(): RealParts {
  return {
    clock: new SystemClock(),
    log: new MemoryLog(),
    metrics: new CountedBus(),
    randomness: new SystemRandomness(),
  };
}

/** Starts the bus, and closes it after the test. */
export async function started(bus: WireBus): Promise<WireBus> {
  open.push(bus);
  await bus.start();
  return bus;
}

/** Resolves with the next gap that the bus tells of. */
export function nextGap(bus: WireBus): Promise<void> {
  return new Promise((resolve) => {
    const stop = bus.onGap(() => {
      stop();
      resolve();
    });
  });
}
