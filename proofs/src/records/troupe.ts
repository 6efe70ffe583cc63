import { setTimeout as pass } from 'node:timers/promises';
import type { Call } from '@ringline/client';
import { MIN_RING_TIMEOUT_MS } from '@ringline/protocol';
import { RinglineError } from '@ringline/client';
import type { SeededRandomness } from '@ringline/testkit';
import type { Device, Placed } from './device.ts';
import { endOf, placed } from './device.ts';

/** What is played, and how many calls each makes. */
export const PLAYS = {
  'hung up by the caller': 1,
  'hung up by the callee': 1,
  'held and resumed': 1,
  cancelled: 1,
  refused: 1,
  'no answer': 1,
  offline: 1,
  busy: 2,
  message: 0,
} as const;
export type Play = keyof typeof PLAYS;
export const PLAY_NAMES = Object.keys(PLAYS) as readonly Play[];

/** A person looks at a phone for so long at most; whatever went wrong, then somebody hangs up. */
const PATIENCE_MS = 20_000;
/** Before a call that the server could not take is tried again. */
const RETRY_MS = 200;
/** Refusals after which the same is tried again: the server is away, or the last call is not over there. */
const PASSING: ReadonlySet<string> = new Set([
  'unavailable',
  'caller-busy',
  'rate-limited',
  'not-connected',
  'internal',
]);

/** Three people who call each other, one play at a time, whatever happens to the server meanwhile. */
export class Troupe {
  readonly #alice: Device;
  readonly #bob: Device;
  readonly #carol: Device;
  readonly #randomness: SeededRandomness;
  readonly #made: (call: string) => void;

  constructor(
    devices: readonly [Device, Device, Device],
    randomness: SeededRandomness,
    made: (call: string) => void,
  ) {
    [this.#alice, this.#bob, this.#carol] = devices;
    this.#randomness = randomness;
    this.#made = made;
  }

  /** Plays one, to the end of its calls. */
  async play(what: Play): Promise<void> {
    switch (what) {
      case 'message':
        return this.#write();
      case 'offline':
        return this.#callNobody();
      case 'busy':
        return this.#callTwice();
      case 'cancelled':
      case 'no answer':
      case 'refused':
        return this.#unanswered(what);
      case 'held and resumed':
      case 'hung up by the callee':
      case 'hung up by the caller':
        return this.#answered(what);
    }
  }

  async #write(): Promise<void> {
    await attempted(this.#alice.client.send(this.#bob.user, 'hello'));
  }

  async #callNobody(): Promise<void> {
    const { ended, call } = await this.#place(this.#alice, `nobody-of-${this.#alice.user}`);
    await orHungUp(call, ended);
  }

  async #unanswered(how: 'cancelled' | 'no answer' | 'refused'): Promise<void> {
    const { call, ended, ...rest } = await this.#place(this.#alice, this.#bob.user);
    if (how === 'cancelled') await attempted(call.cancel());
    if (how === 'refused') {
      const rings = await this.#bob.incoming({ call, ended, ...rest });
      await attempted(rings?.refuse());
    }
    await orHungUp(call, ended);
  }

  async #answered(how: Play): Promise<void> {
    const made = await this.#place(this.#alice, this.#bob.user);
    const taken = await this.#answer(made);
    if (how === 'held and resumed') {
      await attempted(made.call.hold());
      await attempted(made.call.resume());
    }
    const last = how === 'hung up by the callee' && taken ? taken : made.call;
    await this.#talk();
    await attempted(last.end());
    await orHungUp(made.call, made.ended);
  }

  /** A third one finds Bob busy. */
  async #callTwice(): Promise<void> {
    const made = await this.#place(this.#alice, this.#bob.user);
    await this.#answer(made);
    const second = await this.#place(this.#carol, this.#bob.user);
    await attempted(made.call.end());
    await Promise.all([orHungUp(made.call, made.ended), orHungUp(second.call, second.ended)]);
  }

  async #answer(made: Placed): Promise<Call | undefined> {
    const rings = await this.#bob.incoming(made);
    await attempted(rings?.accept());
    return rings;
  }

  #talk(): Promise<void> {
    return pass(this.#randomness.integer(0, 200));
  }

  /** Calls until the server has taken it. */
  async #place(caller: Device, callee: string): Promise<Placed> {
    for (;;) {
      try {
        const options = { media: 'audio', ringTimeoutMs: MIN_RING_TIMEOUT_MS } as const;
        const made = placed(await caller.client.call(callee, options));
        this.#made(made.id);
        return made;
      } catch (error) {
        if (!(error instanceof RinglineError) || !PASSING.has(error.code)) throw error;
        await pass(RETRY_MS);
      }
    }
  }
}

/** What a person does may fail: the call is over already, or the server is away for too long. */
async function attempted(act: Promise<unknown> | undefined): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof RinglineError)) throw error;
  }
}

/** The end of a call; nobody looks at a phone for ever. */
async function orHungUp(call: Call, ended: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const tired = pass(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => call.end());
  tired.catch(() => undefined);
  await Promise.race([ended, tired.then(() => endOf(call))]);
  patience.abort();
}
