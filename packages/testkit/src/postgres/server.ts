import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';

/** Where Debian's packages and Homebrew put the programs of each major version. */
const CANDIDATES = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
/** Another process may take the free port before the server does: so often it is tried again. */
const PORT_ATTEMPTS = 3;
/** A server that does not listen by then has another trouble than a busy machine. */
const START_TIMEOUT_MS = 120_000;

/** How a private server is made. */
export interface PostgresOptions {
  /** The folder of `initdb` and `postgres`. */
  readonly programs: string;
  /** Whether what is committed survives a fall of the machine; without it everything is quicker. */
  readonly isDurable?: boolean;
  /** Whether it takes connections over TLS alone, with a certificate of its own for 127.0.0.1. */
  readonly isTls?: boolean;
  /** Further settings, as `-c` takes them. */
  readonly settings?: readonly string[];
  /** Where it listens; any free port when absent. */
  readonly port?: number;
}

/** How a server is stopped: sessions are cut off, or everything is dropped as in a crash. */
export type PostgresStop = 'fast' | 'immediate';

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The folder of the newest PostgreSQL of this machine; `POSTGRES_BIN` goes first. */
export function findPostgres(): string | undefined {
  const named = process.env['POSTGRES_BIN'];
  if (named) {
    if (!isComplete(named)) throw new Error(`POSTGRES_BIN is ${named}, where no initdb is.`);
    return named;
  }
  return CANDIDATES.flatMap(versionsIn).findLast(isComplete);
}

function versionsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^(postgresql@)?\d+$/.test(name))
    .toSorted((a, b) => Number(a.replace(/\D/g, '')) - Number(b.replace(/\D/g, '')))
    .map((name) => join(folder, name, 'bin'));
}

function isComplete(folder: string): boolean {
  return ['initdb', 'postgres'].every((program) => existsSync(join(folder, program)));
}

/**
 * A PostgreSQL of one's own on a free port of loopback, in a temporary folder that goes with it.
 * It ends also when the process that started it dies without a word: a keeper waits for that.
 */
export class PostgresServer {
  readonly port: number;
  readonly #options: PostgresOptions;
  readonly #folder: string;
  readonly #keeper: ChildProcess;
  #running: ChildProcess | undefined;

  private constructor(options: PostgresOptions, folder: string, port: number) {
    this.#options = options;
    this.#folder = folder;
    this.port = port;
    this.#keeper = keeperOf(folder);
  }

  /** Makes a new server with an empty database `postgres`, and starts it. */
  static async start(options: PostgresOptions): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ringline-postgres-'));
    const account = accountOf();
    if (account) chownSync(folder, account.uid, account.gid);
    try {
      initialise(options.programs, folder, account);
      if (options.isTls) prepareTls(folder, account);
      return await startAnywhere(
        async () => new PostgresServer(options, folder, options.port ?? (await freePort())),
      );
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A URL for `DATABASE_URL`. */
  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** The file of the certificate, which nobody else has signed, where there is one. */
  get certificate(): string {
    return certificateIn(this.#folder);
  }

  /** The process that all others of this server descend from, while it runs. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it again where it was stopped, on the same port; resolves when it takes connections. */
  async resume(): Promise<void> {
    const { programs, isDurable = false, isTls = false, settings = [] } = this.#options;
    const all = [
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      'unix_socket_directories=',
      ...(isDurable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
      ...(isTls ? tlsSettings(this.#folder) : []),
      ...settings,
    ];
    const args = ['-D', join(this.#folder, 'data'), ...all.flatMap((each) => ['-c', each])];
    const server = spawn(join(programs, 'postgres'), args, {
      ...accountOf(),
      stdio: ['ignore', 'ignore', 'pipe'],
      // A Ctrl-C in the terminal is for the tests; they stop it.
      detached: true,
    });
    await listening(server);
    this.#running = server;
  }

  /** Stops it and keeps its data; `resume` starts it again. */
  async stop(how: PostgresStop = 'fast'): Promise<void> {
    const server = this.#running;
    this.#running = undefined;
    if (!server || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(SIGNALS[how]);
    await exited;
  }

  /** Starts it anew as a standby: it is read, and takes no writing until `promote`. */
  async demote(): Promise<void> {
    await this.stop();
    writeFileSync(this.#standbySignal, '');
    await this.resume();
  }

  /** Starts it anew as the server that it was before `demote`. */
  async promote(): Promise<void> {
    await this.stop();
    rmSync(this.#standbySignal);
    await this.resume();
  }

  /** https://www.postgresql.org/docs/current/warm-standby.html#STANDBY-SERVER-SETUP */
  get #standbySignal(): string {
    return join(this.#folder, 'data', 'standby.signal');
  }

  /** Stops it for good and removes its data. */
  async remove(): Promise<void> {
    await this.stop('immediate');
    const exited = once(this.#keeper, 'exit');
    this.#keeper.stdin?.end();
    await exited;
  }
}

async function startAnywhere(make: () => Promise<PostgresServer>): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    const server = await make();
    try {
      await server.resume();
      return server;
    } catch (error) {
      if (attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user of Debian's package. */
function accountOf(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((which) =>
    Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  if (!uid || !gid) throw new Error('PostgreSQL does not run as root; make a user postgres for it');
  return { uid, gid };
}

function initialise(programs: string, folder: string, account: Account | undefined): void {
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', '--auth=trust', '--no-sync'];
  const { status, stderr } = spawnSync(
    join(programs, 'initdb'),
    [...args, '--encoding=UTF8', '--locale=C'],
    { ...account, cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
}

const certificateIn = (folder: string) => join(folder, 'server.crt');
const keyIn = (folder: string) => join(folder, 'server.key');
const rulesIn = (folder: string) => join(folder, 'pg_hba.conf');

/** A certificate of two days with its key, which is the server's alone, and the rule that nobody comes in the clear. */
function prepareTls(folder: string, account: Account | undefined): void {
  writeFileSync(rulesIn(folder), 'hostssl all all 127.0.0.1/32 trust\n');
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', keyIn(folder), '-out', certificateIn(folder)];
  const { status, stderr, error } = spawnSync(
    'openssl',
    ['req', '-x509', '-days', '2', ...names, ...key, ...files],
    { ...account, cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl made no certificate: ${error?.message ?? stderr}`);
  // The tests' user reads it; the folder is the server's.
  chmodSync(folder, 0o755);
}

function tlsSettings(folder: string): readonly string[] {
  return [
    'ssl=on',
    `ssl_cert_file=${certificateIn(folder)}`,
    `ssl_key_file=${keyIn(folder)}`,
    `hba_file=${rulesIn(folder)}`,
  ];
}

/** Waits for its standard input to close, which it does when this process is gone; then ends the server. */
function keeperOf(folder: string): ChildProcess {
  const script = `cat >/dev/null
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
    while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    rm -rf "$1"`;
  return spawn('sh', ['-c', script, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
}

/** Resolves when the server says that it takes connections; rejects with what it said otherwise. */
function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    let isReady = false;
    const timer = setTimeout(() => server.kill('SIGQUIT'), START_TIMEOUT_MS);
    server.on('error', reject);
    server.on('exit', () => {
      clearTimeout(timer);
      reject(new Error(`postgres did not start: ${said}`));
    });
    server.stderr?.on('data', (chunk: Buffer) => {
      // Kept only until it runs; read on, so that the pipe never fills.
      if (isReady) return;
      said += chunk.toString();
      isReady = READY.test(said);
      if (!isReady) return;
      said = '';
      clearTimeout(timer);
      resolve();
    });
  });
}

/** What every version logs, in the language of the locale C. */
const READY = /ready to accept (read[- ]only )?connections/;
