import { setImmediate } from 'node:timers/promises';
import { named } from './driver.ts';

/** What is read in more than one turn of the event loop: others come between. */
export async function inTurns<T>(reading: Generator<void, T>): Promise<T> {
  try {
    let step = reading.next();
    while (!step.done) {
      await setImmediate();
      step = reading.next();
    }
    return step.value;
  } catch (error) {
    throw named(error);
  }
}
