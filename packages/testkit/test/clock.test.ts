import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../src/index.ts';

describe('VirtualClock', () => {
  test('runs timers by time, and those of one instant in the order they were started', () => {
    const clock = new VirtualClock({ startAt: 1000 });
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.after(-5, note('now'));
    clock.advance(15);
    expect(ran).toEqual(['now@1000', 'first@1010', 'second@1010']);
    expect([clock.now(), clock.pending, clock.nextAt]).toEqual([1015, 1, 1020]);
  });

  test('runs many timers in order, cancelled ones left out', () => {
    const clock = new VirtualClock({ startAt: 0 });
    const ran: number[] = [];
    for (let i = 0; i < 500; i++) {
      const at = (i * 7919) % 503;
      const timer = clock.after(at, () => ran.push(at));
      if (i % 3 === 0) timer.cancel();
    }
    clock.advance(1000);
    expect(ran).toEqual(ran.toSorted((a, b) => a - b));
    expect(ran).toHaveLength(333);
    expect(clock.pending).toBe(0);
  });

  test('a timer cancelled by an earlier one of the same instant does not run', () => {
    const clock = new VirtualClock();
    let ran = false;
    clock.after(5, () => victim.cancel());
    const victim = clock.after(5, () => (ran = true));
    clock.advance(10);
    expect(ran).toBe(false);
  });

  test('a timer started by a timer runs in the same advance when it is due', () => {
    const clock = new VirtualClock({ startAt: 0 });
    const ran: number[] = [];
    const again = () => {
      ran.push(clock.now());
      clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
  });

  test('runNext goes to the next timer, and says when there is none', () => {
    const clock = new VirtualClock({ startAt: 0 });
    clock.after(7, () => {});
    expect([clock.runNext(), clock.now(), clock.runNext(), clock.now()]).toEqual([
      true,
      7,
      false,
      7,
    ]);
  });

  test('the Async forms let promises and immediates settle between two timers', async () => {
    const clock = new VirtualClock({ startAt: 0 });
    const ran: string[] = [];
    const work = async (name: string) => {
      await new Promise((resolve) => void setImmediate(resolve));
      await Promise.resolve();
      ran.push(`${name}@${clock.now()}`);
    };
    clock.after(10, () => void work('one'));
    clock.after(10, () => void work('two'));
    clock.after(20, () => void work('three'));
    await clock.advanceAsync(30);
    expect(ran).toEqual(['one@10', 'two@10', 'three@20']);
    clock.after(5, () => void work('four'));
    expect(await clock.runNextAsync()).toBe(true);
    expect(ran.at(-1)).toBe('four@35');
    expect(await clock.runNextAsync()).toBe(false);
  });

  test('untilSettled advances until a promise has an outcome, and no further', async () => {
    const clock = new VirtualClock({ startAt: 0 });
    const later = new Promise<string>((resolve) => clock.after(50, () => resolve('there')));
    clock.after(60, () => {});
    expect(await clock.untilSettled(later)).toBe('there');
    expect(clock.now()).toBe(50);
    await expect(clock.untilSettled(Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(clock.untilSettled(new Promise(() => {}), 100)).rejects.toThrow('not settled');
  });

  test('timers that start each other at one instant are found out', () => {
    const clock = new VirtualClock();
    const again = () => void clock.after(0, again);
    again();
    expect(() => clock.advance(1)).toThrow('at one instant');
    expect(() => clock.after(Number.NaN, again)).toThrow(RangeError);
  });
});
