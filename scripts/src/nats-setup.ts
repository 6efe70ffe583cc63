import { NO_NATS, ensureNats } from './nats.ts';

/** Gives the tests of a run their program in `NATS_SERVER_PATH`; without one they fail, saying why. */
export function setup(): void {
  const program = ensureNats();
  if (program === undefined) throw new Error(NO_NATS);
  process.env['NATS_SERVER_PATH'] = program;
}
