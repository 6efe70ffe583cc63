import { setTimeout as pass } from 'node:timers/promises';
import type { Call } from '@ringline/client';
import type { SeededRandomness } from '@ringline/testkit';
import type { Device } from './device.ts';
import { endOf, until } from './device.ts';
import type { Ledger } from './ledger.ts';
import { answer, attempted, orHungUp, place } from './people.ts';

/** What goes wrong without the server's fault, one call each. Nobody hangs up: the server ends it. */
export const MISHAPS = ['lost in the call', 'lost', 'never heard', 'not heard again'] as const;
export type Mishap = (typeof MISHAPS)[number];

/** It rings for so long: a lost caller is waited for 8 s after the last kill, on a slow machine too. */
const RINGS_MS = 60_000;
/**
 * The other side waits so long for one that was lost in the call, as long as there are more calls
 * to make: each start of the server gives it a full grace again, so killed often enough it waits for ever.
 */
const PATIENCE_MS = 60_000;

/** Two people with bad luck: Dave's phones get lost, and media do not always flow between him and Eve. */
export class Unlucky {
  readonly #dave: Device;
  readonly #eve: Device;
  readonly #randomness: SeededRandomness;
  readonly #ledger: Ledger;
  readonly #isLast: () => boolean;

  constructor(
    [dave, eve]: readonly [Device, Device],
    randomness: SeededRandomness,
    ledger: Ledger,
    isLast: () => boolean,
  ) {
    this.#dave = dave;
    this.#eve = eve;
    this.#randomness = randomness;
    this.#ledger = ledger;
    this.#isLast = isLast;
  }

  /** Suffers one, to the end of its call. */
  async suffer(what: Mishap): Promise<void> {
    switch (what) {
      case 'lost':
        return this.#loseCaller();
      case 'lost in the call':
        return this.#loseInCall();
      case 'never heard':
        return this.#hearNothing();
      case 'not heard again':
        return this.#holdForEver();
    }
  }

  /** Dave's phone is gone while it rings at Eve's. */
  async #loseCaller(): Promise<void> {
    const made = await place(this.#ledger, this.#dave, this.#eve.user, { ringTimeoutMs: RINGS_MS });
    const rings = await this.#eve.incoming(made);
    this.#dave.lose();
    if (rings) await endOf(rings);
    if (rings?.endReason === 'lost') this.#ledger.did('a caller was lost while it rang');
    await this.#dave.replace();
  }

  /** Dave's phone is gone while they talk, whoever has called. */
  async #loseInCall(): Promise<void> {
    await this.#between(async (call) => {
      await until(call, () => call.connection === 'connected');
      this.#dave.lose();
      await Promise.race([endOf(call), this.#impatience(call)]);
      const isLost = call.endReason === 'connection-lost';
      if (isLost) this.#ledger.did('a phone was lost in a call');
      await this.#dave.replace();
    });
  }

  async #hearNothing(): Promise<void> {
    this.#dave.deafen(true);
    await this.#between(endOf);
    this.#dave.deafen(false);
  }

  /** Eve holds, and when she is back there is no sound at Dave's. */
  async #holdForEver(): Promise<void> {
    await this.#between(async (call) => {
      await until(call, () => call.connection === 'connected');
      const isHeld = await attempted(call.hold());
      this.#dave.deafen(true);
      const isResumed = await attempted(call.resume());
      // Never held: nothing is wrong with it.
      if (!isHeld || isResumed) await attempted(call.end());
      await orHungUp({ call, ended: endOf(call) });
    });
    this.#dave.deafen(false);
  }

  /** A call that was answered, as Eve sees it; the act lasts to its end. */
  async #between(act: (call: Call) => Promise<void>): Promise<void> {
    const [caller, callee] = this.#randomness.shuffle([this.#dave, this.#eve]) as [Device, Device];
    const made = await place(this.#ledger, caller, callee.user, { ringTimeoutMs: RINGS_MS });
    const taken = await answer(callee, made);
    const call = caller === this.#eve ? made.call : taken;
    if (call === undefined) return void (await attempted(made.call.end()));
    await act(call);
    if (call.endReason === 'media-failed') this.#ledger.did('media never connected');
    if (call.endReason === 'resume-failed') {
      this.#ledger.did('media did not come back after a hold');
    }
  }

  /** Resolves when Eve has hung up because nothing is heard of Dave. */
  async #impatience(call: Call): Promise<void> {
    await pass(PATIENCE_MS, undefined, { ref: false });
    if (!this.#isLast()) await attempted(call.end());
    await endOf(call);
  }
}
