/** Time that is left for something: it runs while both devices are there and stands still during a grace. */
export type Countdown = { readonly by: number } | { readonly leftMs: number };

/** So much time is left from now on. */
export function countdown(ms: number, isStill: boolean, now: number): Countdown {
  return isStill ? { leftMs: ms } : { by: now + ms };
}

/** It stands still since then, however late that was noticed. */
export function stopped<C extends Countdown | null>(running: C, at: number, wholeMs: number) {
  if (!running || !('by' in running)) return running;
  return { leftMs: Math.min(wholeMs, Math.max(0, running.by - at)) };
}

/** It runs on from now. */
export function goingOn<C extends Countdown | null>(still: C, now: number) {
  return still && 'leftMs' in still ? { by: now + still.leftMs } : still;
}
