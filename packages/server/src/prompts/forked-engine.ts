import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromEngine, ToEngine } from './engine-messages.ts';
import type { EngineProcess, EngineProcessEvents } from './engine-process.ts';

/** Its program: a source where this file is one, built where this one is. */
const MAIN = fileURLToPath(new URL(`./engine/main${extname(import.meta.url)}`, import.meta.url));
/** Of what the process writes when it dies, so much is told. */
const MAX_WORDS = 2_000;
/** What Node needs of the environment; the server's secrets stay out of a process that strangers talk to. */
const ENVIRONMENT = ['PATH', 'SYSTEMROOT', 'TMPDIR', 'TEMP'];

/** What of the server's environment an engine is given. */
export function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(ENVIRONMENT.map((name) => [name, env[name]]));
}

/** Starts a process of its own for the engine. */
export function forkEngine(events: EngineProcessEvents): EngineProcess {
  const child = fork(MAIN, [], {
    env: environmentOf(process.env),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.on('message', (message) => events.told(message as unknown as FromEngine));
  void endOf(child).then((why) => events.exited(why));
  return new ForkedEngine(child);
}

/** Why a process ended, once it has. */
async function endOf(child: ChildProcess): Promise<string> {
  let words = '';
  child.stderr?.on('data', (text: Buffer) => {
    words = (words + text.toString()).slice(-MAX_WORDS);
  });
  const silent = child.stderr === null ? undefined : once(child.stderr, 'close');
  try {
    // Not `close`: after a disconnect of ours it does not come.
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await silent;
    return `ended by ${signal ?? `code ${code}`}. ${words}`.trim();
  } catch (error) {
    return `could not be started: ${String(error)}`;
  }
}

class ForkedEngine implements EngineProcess {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    // Whatever else goes wrong with it ends it, and that is told; unheard, an error would end the server.
    child.on('error', () => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToEngine): void {
    // A process that is just dying takes nothing more; that it died is told by its exit.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  release(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
