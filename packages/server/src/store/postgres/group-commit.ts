import { Queue } from '../../queue.ts';
import type { Queued } from '../../queue.ts';
import { StoreFault } from '../store.ts';
import type { Committed, Step } from '../store.ts';
import { commitSteps, usersOf } from './batch.ts';
import type { Placed } from './batch.ts';
import { isDefect, isGivenUp, isPassing } from './driver.ts';
import { deviceKey } from '../device-row.ts';
import type { Eras } from './eras.ts';
import { LANE_TIMEOUT_MS, TOO_BUSY } from './lanes.ts';
import type { Lanes } from './lanes.ts';

/** Steps in one statement: more gain little, and one that is at fault has all of them done again. */
export const MAX_BATCH = 256;

/** Steps of one batch that are waited for alone, each for as long as a statement may take: the rest of it would meet the same. */
export const MAX_GIVEN_UP = 3;

/** All steps that change who is in channels or what is said of these; they are few. */
const CHANNELS = '*';

/** A step, and what it touches: steps that have a key in common keep their order. */
interface Keyed {
  readonly step: Step;
  readonly keys: readonly string[];
  /** By then it has begun, or it is refused: who asked has given up. By `performance.now`. */
  readonly beginsBy: number;
}

/** Steps that are committed together. */
type Batch = readonly Queued<Keyed, Committed>[];

/**
 * Steps that arrive in one tick of the event loop, or while all lanes are busy, are committed by one
 * statement and one fsync. Steps of this node that touch the same users wait for each other here, in
 * the order in which they came, and not in the database.
 */
export class GroupCommit {
  readonly #lanes: Lanes;
  readonly #eras: Eras;
  readonly #steps = new Queue<Keyed, Committed>();
  readonly #busy = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #waitMs: number;
  #isScheduled = false;
  #lateness: NodeJS.Timeout | undefined;

  /** `waitMs`: so long a step waits at most until it is sent. */
  constructor(lanes: Lanes, eras: Eras, waitMs = LANE_TIMEOUT_MS) {
    this.#lanes = lanes;
    this.#eras = eras;
    this.#waitMs = waitMs;
  }

  /** Resolves once the step is durable or has lost; throws StoreFault also where it has waited for too long to begin. */
  commit(step: Step): Promise<Committed> {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => this.#fill());
    }
    const beginsBy = performance.now() + this.#waitMs;
    const committed = this.#steps.add({ step, keys: this.#keysOf(step), beginsBy });
    this.#lateness ??= this.#laterBy(this.#waitMs);
    return committed;
  }

  /** Waits until nothing is under way. */
  async finish(): Promise<void> {
    this.#fill();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    clearTimeout(this.#lateness);
    this.#lateness = undefined;
  }

  /** Those who wait are refused in the order in which they came, each in its time; who is under way has its answer to come. */
  #refuseLate(): void {
    const now = performance.now();
    refuse(this.#steps.takeThose(({ beginsBy }) => beginsBy <= now, Infinity));
    const { oldest } = this.#steps;
    this.#lateness = oldest && this.#laterBy(oldest.beginsBy - now);
  }

  #laterBy(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#refuseLate(), Math.ceil(ms)).unref();
  }

  #fill(): void {
    this.#isScheduled = false;
    while (this.#lanes.isFree) {
      const batch = this.#take();
      if (batch.length === 0) return;
      const sending = this.#send(batch).finally(() => {
        this.#underWay.delete(sending);
        for (const { item } of batch) for (const key of item.keys) this.#busy.delete(key);
        this.#fill();
      });
      this.#underWay.add(sending);
    }
  }

  /** The oldest steps that need not wait for one under way, nor for one that must. */
  #take(): Batch {
    const held = new Set(this.#busy);
    const devices = new Set<string>();
    const mayGo = ({ step, keys }: Keyed) => {
      const own = step.devices.map(deviceKey);
      // What a device was before is known once its earlier step is over.
      const mustWait = keys.some((key) => held.has(key)) || own.some((key) => devices.has(key));
      if (mustWait) for (const key of keys) held.add(key);
      else for (const key of own) devices.add(key);
      return !mustWait;
    };
    const batch = this.#steps.takeThose(mayGo, MAX_BATCH);
    for (const { item } of batch) for (const key of item.keys) this.#busy.add(key);
    return batch;
  }

  async #send(batch: Batch): Promise<void> {
    try {
      await this.#write(batch);
    } catch (error) {
      // One bad step, or one that waits for what somebody holds, does not fail its neighbours; a fault of the world does.
      if (batch.length > 1 && (isDefect(error) || isGivenUp(error))) await this.#sendSingly(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  /** Nothing of them was done together; those whose turn comes too late are refused, as if they had not begun. */
  async #sendSingly(batch: Batch): Promise<void> {
    const held = new Set<string>();
    let fault: unknown;
    let mayTry = MAX_GIVEN_UP;
    for (const each of batch) {
      const { keys } = each.item;
      // Those of the same users would wait for the same.
      if (mayTry === 0 || keys.some((key) => held.has(key))) {
        each.reject(fault);
        continue;
      }
      try {
        await this.#write(withoutLate([each]));
      } catch (error) {
        each.reject(error);
        if (isDefect(error)) continue;
        fault = error;
        mayTry = isGivenUp(error) ? mayTry - 1 : 0;
        for (const key of keys) if (key !== CHANNELS) held.add(key);
      }
    }
  }

  /**
   * Answers those that begin in time, and refuses the others, for making a connection may last; throws what befell those
   * that began. Again once when the server has undone it: nothing was done then, and what has begun is late no more.
   */
  async #write(batch: Batch): Promise<void> {
    if (batch.length === 0) return;
    const last = Math.max(...batch.map(({ item }) => item.beginsBy));
    let begun: Batch | undefined;
    const attempt = () =>
      this.#lanes.use(
        async (session) => {
          const steps = (begun ??= withoutLate(batch));
          if (steps.length === 0) return;
          const { devices } = this.#eras.present;
          const committed = await commitSteps(session, placed(steps), devices);
          steps.forEach(({ resolve }, i) => resolve(committed[i] ?? { moved: false }));
        },
        begun ? undefined : last,
      );
    try {
      await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await attempt();
    }
  }

  #keysOf(step: Step): readonly string[] {
    const users = [...usersOf(step)].map((user) => `u${user}`);
    return this.#touchesChannels(step) ? [...users, CHANNELS] : users;
  }

  #touchesChannels(step: Step): boolean {
    if ((step.attributes ?? []).some(({ of }) => of.kind === 'channel')) return true;
    const { devices } = this.#eras.present;
    return step.devices.some((device) => {
      const before = devices.before(device);
      return !before || before.device.login !== device.login;
    });
  }
}

/** Those that are in time; the others are refused. */
function withoutLate(batch: Batch): Batch {
  const now = performance.now();
  refuse(batch.filter(({ item }) => item.beginsBy <= now));
  return batch.filter(({ item }) => item.beginsBy > now);
}

/** Nothing was sent of them. */
function refuse(late: Batch): void {
  for (const { reject } of late) reject(new StoreFault(TOO_BUSY, undefined));
}

/** Those that have a key in common are in waves that follow each other. */
function placed(batch: Batch): readonly Placed[] {
  const waves = new Map<string, number>();
  return batch.map(({ item: { step, keys } }) => {
    const wave = Math.max(0, ...keys.map((key) => waves.get(key) ?? 0));
    for (const key of keys) waves.set(key, wave + 1);
    return { step, wave };
  });
}
