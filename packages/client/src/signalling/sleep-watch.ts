import type { Clock } from '../ports.ts';
import { SLEEP_TICK_MS, SLEPT_MS } from '../timing.ts';

/** Calls `woke` when the machine has slept, which a timer shows that runs late; returns how to stop. */
export function watchSleep(clock: Clock, woke: () => void): () => void {
  let timer = tick();
  function tick() {
    const dueAt = clock.now() + SLEEP_TICK_MS;
    return clock.after(SLEEP_TICK_MS, () => {
      timer = tick();
      if (clock.now() - dueAt >= SLEPT_MS) woke();
    });
  }
  return () => timer.cancel();
}
