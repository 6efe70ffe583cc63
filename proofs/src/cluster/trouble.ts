import { setTimeout as pass } from 'node:timers/promises';
import type { SeededRandomness } from '@ringline/testkit';
import type { Mood, Receiver } from '../records/receiver.ts';
import type { Stage, Trouble } from '../records/stage.ts';
import type { BlowName, Blows } from './blows.ts';
import type { Dealt } from './recoveries.ts';
import type { Watch } from './watch.ts';

/** Which blows are dealt, and how often each. */
export interface Plan {
  readonly blows: readonly BlowName[];
  readonly rounds: number;
  /** Between the recovery from one blow and the next, at most. */
  readonly pauseMs: number;
  /** So long people go on when all is over: then nothing excuses a phone that does not ring. */
  readonly calmMs: number;
  /** What the receiver of webhooks is like meanwhile. */
  readonly moods: readonly Mood[];
}

/** Whom trouble concerns. */
export interface TroubleParts {
  readonly blows: Blows;
  readonly watch: Watch;
  readonly receiver: Receiver;
  readonly randomness: SeededRandomness;
  readonly say: (text: string) => void;
}

/** So long a device that lost its server may take to find another: its longest pause, and a good while more. */
const BACK_MS = 60_000;
const LOOK_MS = 50;

/** Deals blow after blow, each once the devices have got over the last. */
export class Troubles {
  readonly dealt: Dealt[] = [];
  readonly flaws: string[] = [];
  readonly #plan: Plan;
  readonly #parts: TroubleParts;

  constructor(plan: Plan, parts: TroubleParts) {
    this.#plan = plan;
    this.#parts = parts;
  }

  /** Until every blow was dealt so often. */
  during(stage: Stage): Trouble {
    return async () => {
      const random = this.#parts.randomness.fork('trouble');
      for (let round = 0; round < this.#plan.rounds; round++) {
        for (const what of random.shuffle(this.#plan.blows)) await this.#deal(what, random);
        this.#parts.say(
          `${stage.ledger.calls.size} calls, ${this.dealt.length} blows, ${this.#parts.blows.kills} kills`,
        );
      }
      await pass(this.#plan.calmMs);
    };
  }

  async #deal(what: BlowName, random: SeededRandomness): Promise<void> {
    const { blows, receiver } = this.#parts;
    await pass(random.integer(0, this.#plan.pauseMs));
    receiver.mood = random.pick(this.#plan.moods);
    const from = Date.now();
    await blows.deal(what);
    this.dealt.push({ what, from, repaired: Date.now() });
    receiver.recover();
    await this.#recover(what);
  }

  async #recover(what: BlowName): Promise<void> {
    const until = Date.now() + BACK_MS;
    while (!this.#parts.watch.isWhole && Date.now() < until) await pass(LOOK_MS);
    if (!this.#parts.watch.isWhole) this.flaws.push(`not all devices were back after: ${what}`);
  }
}
