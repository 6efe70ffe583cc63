import type { Committed, Step } from '../store.ts';
import { commitSteps, usersOf } from './batch.ts';
import type { Placed } from './batch.ts';
import { isDefect, isGivenUp, isPassing } from './driver.ts';
import { deviceKey } from '../device-row.ts';
import type { Eras } from './eras.ts';
import type { Lanes } from './lanes.ts';

/** Steps in one statement: more gain little, and one that is at fault has all of them done again. */
export const MAX_BATCH = 256;

/** Steps of one batch that are waited for alone, each for as long as a statement may take: the rest of it would meet the same. */
export const MAX_GIVEN_UP = 3;

/** All steps that change who is in channels or what is said of these; they are few. */
const CHANNELS = '*';

interface Waiting {
  readonly step: Step;
  /** What it touches: steps that have one in common keep their order. */
  readonly keys: readonly string[];
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Steps that arrive in one tick of the event loop, or while all lanes are busy, are committed by one
 * statement and one fsync. Steps of this node that touch the same users wait for each other here, in
 * the order in which they came, and not in the database.
 */
export class GroupCommit {
  readonly #lanes: Lanes;
  readonly #eras: Eras;
  readonly #busy = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #waiting: Waiting[] = [];
  #isScheduled = false;

  constructor(lanes: Lanes, eras: Eras) {
    this.#lanes = lanes;
    this.#eras = eras;
  }

  /** Resolves once the step is durable or has lost. */
  commit(step: Step): Promise<Committed> {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => this.#fill());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ step, keys: this.#keysOf(step), resolve, reject });
    });
  }

  /** Waits until nothing is under way. */
  async finish(): Promise<void> {
    this.#fill();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #fill(): void {
    this.#isScheduled = false;
    while (this.#lanes.isFree) {
      const batch = this.#take();
      if (batch.length === 0) return;
      const sending = this.#send(batch).finally(() => {
        this.#underWay.delete(sending);
        for (const { keys } of batch) for (const key of keys) this.#busy.delete(key);
        this.#fill();
      });
      this.#underWay.add(sending);
    }
  }

  /** The oldest steps that need not wait for one under way, nor for one that must. */
  #take(): readonly (Waiting & Placed)[] {
    const batch: (Waiting & Placed)[] = [];
    const left: Waiting[] = [];
    const held = new Set(this.#busy);
    const waves = new Map<string, number>();
    const devices = new Set<string>();
    for (const waiting of this.#waiting) {
      const { step, keys } = waiting;
      const own = step.devices.map(deviceKey);
      // What a device was before is known once its earlier step is over.
      const mustWait = keys.some((key) => held.has(key)) || own.some((key) => devices.has(key));
      if (mustWait || batch.length === MAX_BATCH) {
        left.push(waiting);
        for (const key of keys) held.add(key);
        continue;
      }
      const wave = Math.max(0, ...keys.map((key) => waves.get(key) ?? 0));
      for (const key of keys) waves.set(key, wave + 1);
      for (const key of own) devices.add(key);
      batch.push({ ...waiting, wave });
    }
    this.#waiting = left;
    for (const { keys } of batch) for (const key of keys) this.#busy.add(key);
    return batch;
  }

  async #send(batch: readonly (Waiting & Placed)[]): Promise<void> {
    try {
      const committed = await this.#write(batch);
      batch.forEach(({ resolve }, i) => resolve(committed[i] ?? { moved: false }));
    } catch (error) {
      // One bad step, or one that waits for what somebody holds, does not fail its neighbours; a fault of the world does.
      if (batch.length > 1 && (isDefect(error) || isGivenUp(error))) await this.#sendSingly(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  /** Nothing of them was done together. */
  async #sendSingly(batch: readonly Waiting[]): Promise<void> {
    const held = new Set<string>();
    let fault: unknown;
    let mayTry = MAX_GIVEN_UP;
    for (const { step, keys, resolve, reject } of batch) {
      // Those of the same users would wait for the same.
      if (mayTry === 0 || keys.some((key) => held.has(key))) {
        reject(fault);
        continue;
      }
      try {
        const [committed] = await this.#write([{ step, wave: 0 }]);
        resolve(committed ?? { moved: false });
      } catch (error) {
        reject(error);
        if (isDefect(error)) continue;
        fault = error;
        mayTry = isGivenUp(error) ? mayTry - 1 : 0;
        for (const key of keys) if (key !== CHANNELS) held.add(key);
      }
    }
  }

  /** Again once when the server has undone it: nothing was done then. */
  async #write(batch: readonly Placed[]): Promise<readonly Committed[]> {
    const attempt = () =>
      this.#lanes.use((session) => commitSteps(session, batch, this.#eras.present.devices));
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      return attempt();
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
