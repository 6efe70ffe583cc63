import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { ANSWER_KEPT_MS, MAX_KEPT_ANSWERS } from '../../src/pre-call/limits.ts';
import { PreCall } from '../../src/pre-call/pre-call.ts';
import type { Question } from '../../src/pre-call/question.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { CountedMetrics } from '../support/quiet.ts';
import { ScriptedOutbound } from '../support/scripted-outbound.ts';

function question(seq: number): Question {
  const invite = { type: 'invite', seq, call: `call-${seq}`, to: 'bob', media: 'audio' } as const;
  return { invite, caller: { user: 'alice' }, device: 'alice1' };
}

/** Whom a customer's server is asked about, one after the other; each may call. */
function asking() {
  const clock = new VirtualClock();
  const outbound = new ScriptedOutbound(clock);
  const url = 'https://app.example.com/before-call';
  const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`];
  const settings = { url, secrets, timeoutMs: 2_000, byDefault: 'deny' } as const;
  const parts = { clock, log: new MemoryLog(), metrics: new CountedMetrics(), outbound };
  const preCall = new PreCall({ ...parts, settings });
  /** Whether somebody was asked. */
  const ask = async (seq: number): Promise<boolean> => {
    const before = outbound.posted.length;
    const verdict = preCall.ask(question(seq), new AbortController().signal);
    const isAsked = outbound.posted.length > before;
    if (isAsked) outbound.last.answer({ decision: 'allow' });
    expect(await verdict).toEqual({ decision: 'allow' });
    return isAsked;
  };
  return { ask, clock };
}

test('[PRE9] MAX_KEPT_ANSWERS are kept, and of one more the oldest is asked for anew', async () => {
  const { ask } = asking();
  for (let seq = 1; seq <= MAX_KEPT_ANSWERS; seq++) await ask(seq);
  expect([await ask(1), await ask(MAX_KEPT_ANSWERS)]).toEqual([false, false]);
  expect(await ask(MAX_KEPT_ANSWERS + 1)).toBe(true);
  expect([await ask(2), await ask(MAX_KEPT_ANSWERS + 1)]).toEqual([false, false]);
  expect(await ask(1)).toBe(true);
});

test('[PRE9] an answer is kept for ANSWER_KEPT_MS, and no longer', async () => {
  const { ask, clock } = asking();
  expect(await ask(1)).toBe(true);
  await clock.advanceAsync(ANSWER_KEPT_MS - 1);
  expect(await ask(1)).toBe(false);
  await clock.advanceAsync(1);
  expect(await ask(1)).toBe(true);
});
