import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { freePort } from '../free-port.ts';

const CANDIDATES = [
  '/usr/sbin/nats-server',
  '/usr/bin/nats-server',
  '/usr/local/bin/nats-server',
  '/opt/homebrew/bin/nats-server',
];
/** Another process may take the free port before the server does: so often it is tried again. */
const PORT_ATTEMPTS = 3;
/** A server that does not listen by then has another trouble than a busy machine. */
const START_TIMEOUT_MS = 120_000;

/** How a private server is made. */
export interface NatsOptions {
  /** The path of `nats-server`. */
  readonly program: string;
  /** Further arguments, as in `--user alice --pass secret`. */
  readonly args?: readonly string[];
  /** Where it listens; any free port when absent. */
  readonly port?: number;
}

/** The path of a `nats-server` on this machine; `NATS_SERVER_PATH` goes first. */
export function findNats(): string | undefined {
  const named = process.env['NATS_SERVER_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error(`NATS_SERVER_PATH is ${named}, where no file is.`);
    return named;
  }
  return CANDIDATES.find((path) => existsSync(path));
}

/** A NATS of one's own on a free port of loopback. It ends also when the process that started it dies without a word. */
export class NatsServer {
  readonly port: number;
  readonly #options: NatsOptions;
  #running: ChildProcess | undefined;

  private constructor(options: NatsOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  /** Starts a new server. */
  static async start(options: NatsOptions): Promise<NatsServer> {
    for (let attempt = 1; ; attempt++) {
      const server = new NatsServer(options, options.port ?? (await freePort()));
      try {
        await server.resume();
        return server;
      } catch (error) {
        if (attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  /** Where it listens, as in `127.0.0.1:4222`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The process that the server descends from, while it runs. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it again where it was stopped, on the same port; resolves when it takes connections. */
  async resume(): Promise<void> {
    const { program, args = [] } = this.#options;
    const all = ['--addr', '127.0.0.1', '--port', String(this.port), ...args];
    // The shell ends the server when its own standard input closes, which it does when this process is gone.
    const server = spawn('sh', ['-c', KEEPER, 'sh', program, ...all], {
      stdio: ['pipe', 'ignore', 'pipe'],
      // A Ctrl-C in the terminal is for the tests; they stop it.
      detached: true,
    });
    await listening(server);
    this.#running = server;
  }

  /** Kills it, as when its machine falls; `resume` starts it again. */
  async kill(): Promise<void> {
    const server = this.#running;
    this.#running = undefined;
    if (!server || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.stdin?.end();
    await exited;
  }
}

const KEEPER = '"$@" & server=$!; cat >/dev/null; kill -KILL $server; wait $server 2>/dev/null';

/** Resolves when the server says that it takes connections; rejects with what it said otherwise. */
function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => server.stdin?.end(), START_TIMEOUT_MS);
    server.on('error', reject);
    server.on('exit', () => {
      clearTimeout(timer);
      reject(new Error(`nats-server did not start: ${said}`));
    });
    server.stderr?.on('data', (chunk: Buffer) => {
      // Kept only until it runs; read on, so that the pipe never fills.
      if (said === READY) return;
      said += chunk.toString();
      if (said.includes(FATAL)) server.stdin?.end();
      if (!said.includes(READY)) return;
      said = READY;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What it logs once it listens, and when it cannot. */
const READY = 'Server is ready';
const FATAL = '[FTL]';
