/** A terminal's Ctrl-C comes twice under npm, which passes it on; a second one by a person takes longer. */
export const SAME_SIGNAL_MS = 500;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof EXIT_CODES;

/** The process, as far as signals go. */
export interface SignalHost {
  on(signal: StopSignal, heard: (signal: StopSignal) => void): void;
  exit(code: number): void;
  /** Milliseconds that only grow. */
  now(): number;
}

/** Resolves at the first SIGTERM or SIGINT; a second one, while the stop is under way, ends the process at once. */
export function stopAsked(host: SignalHost): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const heard = (signal: StopSignal) => {
      const now = host.now();
      if (firstAt !== undefined && now - firstAt >= SAME_SIGNAL_MS) host.exit(EXIT_CODES[signal]);
      firstAt ??= now;
      resolve();
    };
    host.on('SIGTERM', heard);
    host.on('SIGINT', heard);
  });
}
