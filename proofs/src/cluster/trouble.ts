import { setTimeout as pass } from 'node:timers/promises';
import type { SeededRandomness } from '@ringline/testkit';
import type { Mood, Receiver } from '../records/receiver.ts';
import type { Stage, Trouble } from '../records/stage.ts';
import type { BlowName, Blows } from './blows.ts';
import type { Dealt } from './recoveries.ts';
import { AFTERMATH_MS, RINGS_WITHIN_MS } from './ringing.ts';
import type { Rounds, Stroke } from './schedule.ts';
import { scheduleOf } from './schedule.ts';
import type { Watch } from './watch.ts';

/** Which blows are dealt, and what people do between them. */
export interface Plan extends Rounds {
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
  /** Called once, after a blow after which calls are judged: whoever wants to see the proof fail breaks something here. */
  readonly breakDown: () => void;
}

/** So long a device that lost its server may take to find another: its longest pause, and a good while more. */
const BACK_MS = 60_000;
/** A pause in which calls can be judged: longer than what excuses a call before it and after, and then some. */
const JUDGED_PAUSE_MS = { min: AFTERMATH_MS + RINGS_WITHIN_MS + 1_000, max: 10_000 };
/** So long a call that can be judged is waited for: longer than any two calls are apart. */
const RING_MS = 60_000;
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
      for (const round of scheduleOf(this.#plan, random)) {
        for (const stroke of round) await this.#deal(stroke, random);
        this.#parts.say(
          `${stage.ledger.calls.size} calls, ${this.dealt.length} blows, ${this.#parts.blows.kills} kills`,
        );
      }
      await pass(this.#plan.calmMs);
    };
  }

  async #deal({ what, isJudged }: Stroke, random: SeededRandomness): Promise<void> {
    const { blows, receiver, breakDown } = this.#parts;
    const isFirst = isJudged && this.dealt.every((each) => !each.isJudged);
    await pass(random.integer(0, this.#plan.pauseMs));
    receiver.mood = random.pick(this.#plan.moods);
    const from = Date.now();
    await blows.deal(what);
    this.dealt.push({ what, from, repaired: Date.now(), isJudged });
    receiver.recover();
    await this.#recover(what);
    if (isFirst) breakDown();
    if (isJudged) await pass(random.integer(JUDGED_PAUSE_MS.min, JUDGED_PAUSE_MS.max));
    if (isJudged) await this.#hearOne();
  }

  /** Waits until a call was made that can be judged, if any rings: on a slow machine there are few. */
  async #hearOne(): Promise<void> {
    const { repaired = 0 } = this.dealt.at(-1) ?? {};
    const until = Date.now() + RING_MS;
    // It was made after what excuses it, and has had its time to ring.
    const isHeard = () =>
      this.#parts.watch.rings.some(
        ({ from }) =>
          from > repaired + AFTERMATH_MS + RINGS_WITHIN_MS && from < Date.now() - RINGS_WITHIN_MS,
      );
    while (!isHeard() && Date.now() < until) await pass(LOOK_MS);
  }

  async #recover(what: BlowName): Promise<void> {
    const until = Date.now() + BACK_MS;
    while (!this.#parts.watch.isWhole && Date.now() < until) await pass(LOOK_MS);
    if (!this.#parts.watch.isWhole) this.flaws.push(`not all devices were back after: ${what}`);
  }
}
