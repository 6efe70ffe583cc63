import { StoreFault } from '../store/store.ts';
import type { TransferProgress } from '../store/transfer.ts';
import { readAsked } from './configuration.ts';
import { verifyIn } from './verify.ts';
import { EXIT } from './world.ts';
import type { ExitCode, World } from './world.ts';

/** A line this often at most, and one for each table that has rows. */
const TELL_EVERY_MS = 1_000;

/** `ringline transfer-store`: from SQLite to PostgreSQL, and verifies what came there; the server must not run meanwhile. */
export async function transferStore(args: readonly string[], world: World): Promise<ExitCode> {
  const asked = readAsked(args, [], world);
  if (!asked) return EXIT.usage;
  const [word] = asked.words;
  if (word !== undefined) {
    world.err(`“transfer-store” takes only flags, not “${word}”.`);
    return EXIT.usage;
  }
  if (asked.config.databaseUrl === undefined) {
    world.err('“transfer-store” needs DATABASE_URL, the empty database into which all is copied.');
    return EXIT.usage;
  }
  try {
    const rows = await world.transferStore(asked.config, telling(world));
    world.out(`${rows} rows are in PostgreSQL, as many of each table as in SQLite.`);
    const verdict = await verifyIn(asked.config, world);
    if (verdict === EXIT.done) return EXIT.done;
    world.err('Run `ringline verify` without DATABASE_URL: the file may have had the same flaws.');
    return verdict;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    world.err(`The data cannot be transferred: ${error.message}`);
    return EXIT.failed;
  }
}

/** Prints how far it is, now and then. */
function telling(world: World): (progress: TransferProgress) => void {
  let told = world.now();
  return ({ table, done, of }) => {
    const isDone = done === of && of > 0;
    if (!isDone && world.now() - told < TELL_EVERY_MS) return;
    told = world.now();
    world.out(`${table}: ${done} of ${of}`);
  };
}
