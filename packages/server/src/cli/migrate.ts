import { StoreFault } from '../store/store.ts';
import { readAsked } from './configuration.ts';
import { EXIT } from './world.ts';
import type { ExitCode, World } from './world.ts';

/** `ringline migrate`: brings what is kept to the newest shape, as every start does; servers over PostgreSQL may run meanwhile. */
export async function migrate(args: readonly string[], world: World): Promise<ExitCode> {
  const asked = readAsked(args, [], world);
  if (!asked) return EXIT.usage;
  const [word] = asked.words;
  if (word !== undefined) {
    world.err(`“migrate” takes only flags, not “${word}”.`);
    return EXIT.usage;
  }
  try {
    const store = await world.openStore(asked.config);
    await store.close();
    world.out('The data has its newest shape.');
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    world.err(`The data cannot be migrated: ${error.message}`);
    return EXIT.failed;
  }
}
