import { setTimeout as pass } from 'node:timers/promises';
import type { Call, CallOptions } from '@ringline/client';
import { RinglineError } from '@ringline/client';
import type { Device, Placed } from './device.ts';
import { endOf, placed } from './device.ts';
import type { Ledger } from './ledger.ts';

/** A person looks at a phone for so long at most; whatever went wrong, then somebody hangs up. */
const PATIENCE_MS = 20_000;
/** It rings so long for somebody who is going to answer, also where many devices share two processors. */
const RING_MS = 5_000;
/** Before a call that the server could not take is tried again. */
const RETRY_MS = 200;
/** After these the same is tried again: the server is away, or the last call is not over there. */
const PASSING: ReadonlySet<string> = new Set([
  'timeout',
  'unavailable',
  'caller-busy',
  'rate-limited',
  'not-connected',
  // Nothing passes here: it is told as a flaw in the end.
  'replaced',
  'internal',
]);

/** After these nobody knows: the answer is lost, or the store was while it committed. */
const DOUBTFUL: ReadonlySet<string> = new Set(['timeout', 'unavailable']);

/** Calls until the server has taken it. */
export async function place(
  ledger: Ledger,
  caller: Device,
  callee: string,
  options: CallOptions = {},
): Promise<Placed> {
  for (;;) {
    try {
      const asked = { ringTimeoutMs: RING_MS, ...options };
      const made = placed(await caller.client.call(callee, asked));
      ledger.calls.set(made.id, [caller.user, callee]);
      return made;
    } catch (error) {
      if (!(error instanceof RinglineError) || !PASSING.has(error.code)) throw error;
      if (DOUBTFUL.has(error.code)) ledger.unsureCalls.push([caller.user, callee]);
      await pass(RETRY_MS);
    }
  }
}

/** Whether it was done. What a person does may fail: the call is over already, or the server is away for too long. */
export async function attempted(act: Promise<unknown> | undefined): Promise<boolean> {
  try {
    await act;
    return act !== undefined;
  } catch (error) {
    if (!(error instanceof RinglineError)) throw error;
    return false;
  }
}

/** The end of a call; nobody looks at a phone for ever. */
export async function orHungUp({ call, ended }: Omit<Placed, 'id'>): Promise<void> {
  const patience = new AbortController();
  const tired = pass(PATIENCE_MS, undefined, { signal: patience.signal }).then(() => call.end());
  tired.catch(() => undefined);
  await Promise.race([ended, tired.then(() => endOf(call))]);
  patience.abort();
}

/** Answers on a device where it rings: the call as that device sees it; undefined when nothing came of it. */
export async function answer(device: Device, made: Placed): Promise<Call | undefined> {
  const rings = await device.incoming(made);
  const isAnswered = await attempted(rings && device.accept(rings));
  return isAnswered ? rings : undefined;
}
