import { NO_NATS, ensureNats } from './nats.ts';
import { NO_POSTGRES, ensurePostgres } from './postgres.ts';

/** Gives the tests of a run the programs of which each makes a cluster of its own; without them they fail, saying why. */
export function setup(): void {
  const [postgres, nats] = [ensurePostgres(), ensureNats()];
  if (postgres === undefined) throw new Error(NO_POSTGRES);
  if (nats === undefined) throw new Error(NO_NATS);
  process.env['POSTGRES_BIN'] = postgres;
  process.env['NATS_SERVER_PATH'] = nats;
}
