import type { Config } from '../config/config.ts';
import { readCommandLine } from '../config/flags.ts';
import { loadConfig } from '../config/load.ts';
import { VARIABLES, flagOf } from '../config/settings.ts';
import type { World } from './world.ts';

/** The configuration and what else was on the command line. */
export interface Asked {
  readonly config: Config;
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
}

/** Reads a command's line and the configuration; prints all problems and gives undefined when there are any. */
export function readAsked(
  args: readonly string[],
  ownFlags: readonly string[],
  world: World,
): Asked | undefined {
  const line = readCommandLine(args, [...VARIABLES.map(flagOf), ...ownFlags]);
  const loaded = loadConfig({
    flags: line.flags,
    env: world.env,
    readFile: (path) => world.readFile(path),
  });
  const problems = [...line.problems, ...(loaded.ok ? [] : loaded.problems)];
  if (loaded.ok && problems.length === 0) return { ...line, config: loaded.config };
  world.err(`The configuration needs attention:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  world.err('`ringline help` lists every setting.');
  return undefined;
}
