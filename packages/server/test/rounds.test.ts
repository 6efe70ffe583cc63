import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { ALWAYS_OURS, Rounds } from '../src/rounds.ts';
import { MemoryLog } from './observe/memory-log.ts';

const TIMES = { roundMs: 1_000, pauseMs: 10 };

/** Rounds of three portions each; when each began, and what lets the one go on that is held. */
function threePortions(isOurs = ALWAYS_OURS) {
  const clock = new VirtualClock();
  const begun: number[] = [];
  let held: Promise<void> | undefined;
  const startedAt = clock.now();
  const portion = async () => {
    begun.push(clock.now() - startedAt);
    await held;
    return begun.length % 3 !== 0;
  };
  const parts = { clock, log: new MemoryLog(), isOurs };
  const rounds = new Rounds(parts, { portion, failed: 'in vain' }, TIMES);
  const hold = () => {
    let goOn = () => {};
    held = new Promise((resolve) => (goOn = resolve));
    return goOn;
  };
  return { clock, begun, rounds, hold };
}

test('a round begins after its time, and its portions one after the other', async () => {
  const { clock, begun, rounds } = threePortions();
  rounds.start();
  await clock.advanceAsync(2_040);
  expect(begun).toEqual([1_000, 1_010, 1_020, 2_020, 2_030, 2_040]);
});

test('rounds that go on already are not begun once more', async () => {
  const { clock, begun, rounds } = threePortions();
  rounds.start();
  await clock.advanceAsync(500);
  rounds.start();
  await clock.advanceAsync(505);
  rounds.start();
  await clock.advanceAsync(995);
  expect(begun).toEqual([1_000, 1_010, 1_020]);
});

test('what was under way when rounds were stopped and begun anew begins none of its own', async () => {
  const { clock, begun, rounds, hold } = threePortions();
  const goOn = hold();
  rounds.start();
  await clock.advanceAsync(1_000);
  rounds.stop();
  rounds.start();
  goOn();
  await clock.advanceAsync(1_010);
  expect(begun).toEqual([1_000, 2_000, 2_010]);
});

test('rounds that are stopped while it is asked whose they are begin no portion', async () => {
  let answer = (_isOurs: boolean) => {};
  const asked = new Promise<boolean>((resolve) => (answer = resolve));
  const { clock, begun, rounds } = threePortions(() => asked);
  rounds.start();
  await clock.advanceAsync(1_000);
  rounds.stop();
  answer(true);
  await clock.advanceAsync(1_000);
  expect(begun).toEqual([]);
});

test('a portion begins sooner when it is asked for, beside one that is under way, and never later', async () => {
  const { clock, begun, rounds, hold } = threePortions();
  rounds.within(5);
  await clock.advanceAsync(100);
  expect(begun).toEqual([]);
  rounds.start();
  rounds.within(2_000);
  rounds.within(50);
  const goOn = hold();
  await clock.advanceAsync(50);
  expect(begun).toEqual([150]);
  rounds.within(20);
  rounds.within(30);
  await clock.advanceAsync(20);
  expect(begun).toEqual([150, 170]);
  goOn();
  await clock.advanceAsync(10);
  expect(begun).toEqual([150, 170, 180]);
});
