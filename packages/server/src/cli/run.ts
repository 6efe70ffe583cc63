import { nearest } from '../config/flags.ts';
import { VERSION } from '../version.ts';
import { helpText } from './help.ts';
import { migrate } from './migrate.ts';
import { serve } from './serve.ts';
import { token } from './token.ts';
import { transferStore } from './transfer-store.ts';
import { verify } from './verify.ts';
import { EXIT } from './world.ts';
import type { ExitCode, World } from './world.ts';

type Command = (args: readonly string[], world: World) => Promise<ExitCode>;

const COMMANDS: Readonly<Record<string, Command>> = {
  serve,
  token,
  verify,
  migrate,
  'transfer-store': transferStore,
  help: async (_args, world) => {
    world.out(helpText());
    return EXIT.done;
  },
  version: async (_args, world) => {
    world.out(VERSION);
    return EXIT.done;
  },
};

/** Runs one command line, without the program's own name, and says how it ended. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  const [first, ...rest] = args;
  if (args.includes('--help') || args.includes('-h')) return runCommand('help', [], world);
  if (first === '--version' || first === '-v') return runCommand('version', [], world);
  if (first === undefined) {
    world.err(helpText());
    return EXIT.usage;
  }
  return runCommand(first, rest, world);
}

async function runCommand(name: string, args: readonly string[], world: World): Promise<ExitCode> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(args, world);
  const near = nearest(name, Object.keys(COMMANDS));
  world.err(`There is no command “${name}”${near ? `; did you mean “${near}”?` : ''}`);
  world.err('`ringline help` lists them.');
  return EXIT.usage;
}
