import type { Config } from '../config/config.ts';
import { StoreFault } from '../store/store.ts';
import { verify as verifyStore } from '../verify/verify.ts';
import { readAsked } from './configuration.ts';
import { EXIT } from './world.ts';
import type { ExitCode, World } from './world.ts';

/** `ringline verify`: whether all that is kept fits together; a server that keeps a file must not run meanwhile. */
export async function verify(args: readonly string[], world: World): Promise<ExitCode> {
  const asked = readAsked(args, [], world);
  if (!asked) return EXIT.usage;
  const [word] = asked.words;
  if (word !== undefined) {
    world.err(`“verify” takes only flags, not “${word}”.`);
    return EXIT.usage;
  }
  try {
    return await verifyIn(asked.config, world);
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    world.err(`The data cannot be read: ${error.message}`);
    return EXIT.failed;
  }
}

/** Prints what does not fit together, and what was looked at; throws StoreFault when it cannot be read. */
export async function verifyIn(config: Config, world: World): Promise<ExitCode> {
  const store = await world.openStore(config);
  try {
    const verdict = await verifyStore(store, (flaw) => world.err(flaw));
    const { calls, open, records, deliveries, users, items, conversations, flaws } = verdict;
    const looked = [
      `${calls} calls (${open} open)`,
      `${records} records`,
      `${deliveries} deliveries`,
      `${users} users`,
      `${items} items`,
      `${conversations} conversations`,
    ].join(', ');
    world.out(`${looked}: ${flaws === 0 ? 'all fits together' : `${flaws} flaws`}`);
    return flaws === 0 ? EXIT.done : EXIT.failed;
  } finally {
    await store.close();
  }
}
