import { expect, test } from 'vitest';
import { simulate } from '../src/simulation.ts';

/** Seeds of `npm test`; `SEEDS=5000` runs more, `SEED=…` repeats one. */
const SEEDS = process.env.SEED
  ? [process.env.SEED]
  : Array.from({ length: Number(process.env.SEEDS ?? 200) }, (_, i) => `${i + 1}`);

/** A minute, and what each seed may take on a busy machine. */
const TIMEOUT_MS = 60_000 + SEEDS.length * 1_500;

test(
  'whatever breaks, every call leaves one record in both inboxes and nothing rings on',
  async () => {
    const endings = new Map<string, number>();
    let lostRaces = 0;
    let faults = 0;
    for (const seed of SEEDS) {
      const result = await simulate(seed);
      expect(result.flaws, `SEED=${seed} npx vitest run --project unit simulation`).toEqual([]);
      lostRaces += result.lostRaces;
      faults += result.faults;
      for (const [reason, count] of result.endings) {
        endings.set(reason, (endings.get(reason) ?? 0) + count);
      }
    }
    if (process.env.SEED) return;
    // A run in which nothing happened proves nothing.
    expect([...endings.keys()].toSorted()).toEqual([
      'busy',
      'cancelled',
      'completed',
      'connection-lost',
      'media-failed',
      'no-answer',
      'offline',
      'refused',
    ]);
    expect(lostRaces).toBeGreaterThan(SEEDS.length);
    expect(faults).toBeGreaterThan(SEEDS.length);
  },
  TIMEOUT_MS,
);
