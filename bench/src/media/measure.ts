import { setTimeout as sleep } from 'node:timers/promises';
import type { Mode, Plan } from './plan.ts';
import { Samples } from './samples.ts';
import type { Times } from './samples.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Running } from './scenarios.ts';
import type { ReadingCost } from './reading-cost.ts';
import { readingCostOf } from './reading-cost.ts';
import type { Side } from './side.ts';
import type { Lines } from './stage.ts';
import { Stage } from './stage.ts';
import type { BeforeAccept } from './table.ts';

/** What was found on one kind of lines. */
export interface Found {
  readonly samples: Samples;
  readonly beforeAccept: readonly BeforeAccept[];
  readonly readingCost: ReadingCost;
}

/** Makes the calls of a plan on these lines, the modes in turn. */
export async function measure(
  lines: Lines,
  modes: readonly Mode[],
  plan: Plan,
  say: (what: string) => void,
): Promise<Found> {
  const stage = await Stage.open(lines);
  const samples = new Samples();
  const beforeAccept = new Map<Mode, BeforeAccept>();
  let readingCost: ReadingCost;
  try {
    for (let repetition = 1; repetition <= plan.repetitions; repetition++) {
      say(`${lines.name}: ${repetition} of ${plan.repetitions}`);
      for (const mode of modes) {
        const { caller, callee } = await stage.pair(mode);
        beforeAccept.set(mode, await ring(caller, callee, mode, plan));
        // Only calls are carried over the far lines.
        const hearsServer = lines.delayMs === 0;
        const add = (times: Times) => samples.add(mode, times);
        await answer({ caller, callee, hearsServer }, add);
        await Promise.all([caller.close(), callee.close()]);
      }
    }
    readingCost = await lookIn(stage);
  } finally {
    await stage.close();
  }
  return { samples, beforeAccept: [...beforeAccept.values()], readingCost };
}

async function lookIn(stage: Stage): Promise<ReadingCost> {
  const { caller, callee } = await stage.pair('off');
  await caller.call(callee);
  await callee.isIn('ringing');
  await caller.first('sound', await callee.accept());
  const cost = await readingCostOf(callee);
  await caller.end();
  return cost;
}

async function ring(caller: Side, callee: Side, mode: Mode, plan: Plan): Promise<BeforeAccept> {
  await caller.call(callee);
  await Promise.all([caller.isIn('ringing'), callee.isIn('ringing')]);
  await sleep(plan.ringMs);
  return {
    mode,
    caller: await caller.traffic(),
    callee: await callee.traffic(),
    devicesOpened: await callee.timesDevicesOpened(),
  };
}

async function answer(
  ringing: Omit<Running, 'acceptedAt'>,
  add: (times: Times) => void,
): Promise<void> {
  const acceptedAt = await ringing.callee.accept();
  for (const scenario of SCENARIOS) add(await scenario({ ...ringing, acceptedAt }));
  await ringing.caller.end();
}
