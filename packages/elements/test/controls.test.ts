import type { Call } from '@ringline/client';
import { expect, test } from 'vitest';
import type { Holdable } from '../src/call/controls.ts';
import { holdToggle } from '../src/call/controls.ts';

/** Which of the two is done to such a call, by button or by key. */
async function toggled(call: Partial<Call>, more: Partial<Holdable> = {}): Promise<string | null> {
  const did = (name: string) => () => Promise.reject(new Error(name));
  const whole = { connection: 'connected', hold: did('hold'), resume: did('resume'), ...call };
  const live = { call: whole as Call, pending: undefined, isConnected: true, ...more };
  const toggle = holdToggle(live);
  return toggle ? (toggle().catch(({ message }: Error) => message) as Promise<string>) : null;
}

test('a call is held, and resumed by whoever holds it', async () => {
  expect(await toggled({})).toBe('hold');
  expect(await toggled({ localHold: true })).toBe('resume');
  expect(await toggled({ remoteHold: true })).toBe('hold');
});

test('a call is neither held nor resumed while something is under way, or somebody is away', async () => {
  expect(await toggled({ resuming: true })).toBeNull();
  expect(await toggled({ connection: 'reconnecting' })).toBeNull();
  expect(await toggled({ connection: 'connecting' })).toBeNull();
  expect(await toggled({}, { isConnected: false })).toBeNull();
  expect(await toggled({}, { pending: 'picture' })).toBeNull();
});
