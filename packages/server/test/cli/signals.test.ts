import { expect, test } from 'vitest';
import { SAME_SIGNAL_MS, stopAsked } from '../../src/cli/signals.ts';
import type { SignalHost } from '../../src/cli/signals.ts';

type Heard = Parameters<SignalHost['on']>[1];
type StopSignal = Parameters<SignalHost['on']>[0];

function testHost() {
  const listeners = new Map<StopSignal, Heard>();
  const exits: number[] = [];
  let now = 1000;
  const host: SignalHost = {
    on: (signal, heard) => void listeners.set(signal, heard),
    exit: (code) => void exits.push(code),
    now: () => now,
  };
  const send = (signal: StopSignal, afterMs = 0) => {
    now += afterMs;
    listeners.get(signal)?.(signal);
  };
  return { host, exits, send };
}

test('the first signal asks to stop', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { host, exits, send } = testHost();
    const asked = stopAsked(host);
    send(signal);
    await asked;
    expect(exits).toEqual([]);
  }
});

test('a second signal ends the process at once, with the code of that signal', () => {
  const { host, exits, send } = testHost();
  void stopAsked(host);
  send('SIGTERM');
  send('SIGINT', SAME_SIGNAL_MS);
  expect(exits).toEqual([130]);
});

test('the same Ctrl-C, passed on by npm, is no second signal', () => {
  const { host, exits, send } = testHost();
  void stopAsked(host);
  send('SIGINT');
  send('SIGINT', SAME_SIGNAL_MS - 1);
  expect(exits).toEqual([]);
});
