import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@ringline/testkit/free-port';
import type { Server } from './server.ts';

const CLI = fileURLToPath(new URL('../../packages/server/src/cli.ts', import.meta.url));
/** A server that does not listen by then has another trouble than a busy machine. */
const START_TIMEOUT_MS = 120_000;

/** Settings of the server beside those of every test, by the names of their variables. */
export type Settings = Readonly<Record<string, string>>;

/** The real server in a process of its own, with data of its own. */
export class ServerProcess implements Server {
  readonly #dataDir: string;
  readonly #settings: Settings;
  readonly #port: number;
  #child: ChildProcess | undefined;
  #url = '';
  #log = '';

  private constructor(dataDir: string, port: number, settings: Settings) {
    this.#dataDir = dataDir;
    this.#port = port;
    this.#settings = settings;
  }

  /** Starts on a free port and an empty folder; resolves when it listens. */
  static async start(settings: Settings = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'ringline-proof-'));
    const server = new ServerProcess(dataDir, await freePort(), settings);
    await server.#run();
    return server;
  }

  /** As in `http://127.0.0.1:34567`; the same after a restart. */
  get url(): string {
    return this.#url;
  }

  get addresses(): readonly string[] {
    return [this.#url];
  }

  /** Its database, for whoever looks at it while it does not run. */
  get dataFile(): string {
    return join(this.#dataDir, 'ringline.db');
  }

  /** What it has logged so far. */
  get log(): string {
    return this.#log;
  }

  /** Kills it as a power cut does (`kill -9`). */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts again on the same port and data. */
  async restart(): Promise<void> {
    await this.#run();
  }

  /** Stops it in good order, and leaves its data. */
  async shutDown(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Runs another command of the same program on its data, while it does not run: what was printed, and the exit code. */
  async command(name: string): Promise<{ readonly printed: string; readonly code: number | null }> {
    const child = spawn(process.execPath, [CLI, name], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (printed += text.toString()));
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { printed, code };
  }

  /** Stops it in good order and removes its data. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  get #environment(): NodeJS.ProcessEnv {
    const own = { MODE: 'development', PORT: String(this.#port), DATA_DIR: this.#dataDir };
    return { PATH: process.env['PATH'], ...own, ...this.#settings };
  }

  async #run(): Promise<void> {
    const child = spawn(process.execPath, [CLI, 'serve'], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (text: Buffer) => (this.#log += text.toString()));
    this.#url = await this.#listening(child);
  }

  #listening(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        // One that is only slow must not be left behind.
        child.kill('SIGKILL');
        reject(new Error(`The server ${why}.\n${this.#log}`));
      };
      const timer = setTimeout(() => fail('did not start in time'), START_TIMEOUT_MS);
      let printed = '';
      child.once('exit', (code) => fail(`ended with code ${code}`));
      child.stdout?.on('data', (text: Buffer) => {
        printed += text.toString();
        const [url] = /http:\/\/[\w.:[\]]+/.exec(printed) ?? [];
        if (url === undefined) return;
        clearTimeout(timer);
        resolve(url);
      });
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
