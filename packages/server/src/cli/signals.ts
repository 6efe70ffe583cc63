/** A terminal's Ctrl-C comes twice under npm, which passes it on; a second one by a person takes longer. */
const SAME_SIGNAL_MS = 500;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Resolves at the first SIGTERM or SIGINT; a second one, while the stop is under way, ends the process at once. */
export function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const heard = (signal: keyof typeof EXIT_CODES) => {
      const now = performance.now();
      if (firstAt !== undefined && now - firstAt > SAME_SIGNAL_MS) process.exit(EXIT_CODES[signal]);
      firstAt ??= now;
      resolve();
    };
    process.on('SIGTERM', heard);
    process.on('SIGINT', heard);
  });
}
