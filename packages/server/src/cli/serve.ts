import type { Config } from '../config/config.ts';
import { StoreFault } from '../store/store.ts';
import { VERSION } from '../version.ts';
import { readAsked } from './configuration.ts';
import { EXIT } from './world.ts';
import type { ExitCode, World } from './world.ts';

/** `ringline serve`: runs until asked to stop. */
export async function serve(args: readonly string[], world: World): Promise<ExitCode> {
  const asked = readAsked(args, [], world);
  if (!asked) return EXIT.usage;
  const [word] = asked.words;
  if (word !== undefined) {
    world.err(`“serve” takes only flags, not “${word}”.`);
    return EXIT.usage;
  }
  // Before starting, so that an early signal stops the server as soon as it has started.
  const stop = world.stopAsked();
  try {
    const server = await world.compose(asked.config);
    world.out(banner(asked.config, server.url));
    await stop;
    await server.close();
    return EXIT.done;
  } catch (error) {
    world.err(whyItFailed(error, asked.config));
    return EXIT.failed;
  }
}

function banner({ mode }: Config, url: string): string {
  if (mode === 'production') return `Ringline ${VERSION} listens on ${url}`;
  return [
    `Ringline ${VERSION} in DEVELOPMENT mode: it serves this machine only,`,
    'and its secret is public. For real use set MODE=production (docs/configuration.md).',
    '',
    `  Open ${url} in two windows, as two users, and call.`,
    '',
  ].join('\n');
}

function whyItFailed(error: unknown, { host, port }: Config): string {
  if (error instanceof StoreFault) return `The data cannot be used: ${error.message}`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use. Stop what listens there, or choose another: --port ${port + 1}`;
  }
  if (code === 'EACCES') {
    return `This user may not listen on port ${port}; ports from 1024 on are free to all.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `This machine has no address “${host}”; set HOST to one of its own, or to 0.0.0.0 for all.`;
  }
  return `The server stopped: ${error instanceof Error ? error.stack : String(error)}`;
}
