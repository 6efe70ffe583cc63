import type { Clock } from '../model/ringing-ports.ts';

/** The timers of this page. */
export const browserClock: Clock = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
