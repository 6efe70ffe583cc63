import { setTimeout as sleep } from 'node:timers/promises';
import type { Side } from './side.ts';

/** What measuring the quality of a call costs its browser, in milliseconds of CPU. */
export interface ReadingCost {
  /** For a second of the call, with what the SDK reads by itself. */
  readonly callPerSecondMs: number;
  /** For one more reading of its statistics. */
  readonly readingMs: number;
}

/** As often as the SDK looks how well the other side is received. */
const READ_EVERY_MS = 3_000;
const STEADY_MS = 6_000;
const READINGS = 5_000;

/** Lets a running call go on, then reads its statistics very often. */
export async function readingCostOf(side: Side): Promise<ReadingCost> {
  const [before, beforeAt] = [await side.cpuMs(), performance.now()];
  await sleep(STEADY_MS);
  const [steady, steadyAt] = [await side.cpuMs(), performance.now()];
  await side.readStats(READINGS);
  const [after, afterAt] = [await side.cpuMs(), performance.now()];
  const callPerMs = (steady - before) / (steadyAt - beforeAt);
  const extra = after - steady - callPerMs * (afterAt - steadyAt);
  return { callPerSecondMs: callPerMs * 1000, readingMs: Math.max(0, extra) / READINGS };
}

/** The cost in words: what the SDK's readings are of the whole call. */
export function readingCostLine({ callPerSecondMs, readingMs }: ReadingCost): string {
  const share = (readingMs * 1000) / READ_EVERY_MS / callPerSecondMs;
  return (
    `CPU of a browser in a video call: ${callPerSecondMs.toFixed(0)} ms a second; one reading of ` +
    `its statistics: ${readingMs.toFixed(2)} ms, every ${READ_EVERY_MS / 1000} s ` +
    `${(share * 100).toFixed(2)} % of the call`
  );
}
