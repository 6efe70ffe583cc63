import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@ringline/testkit/free-port';
import type { Command, Namespace } from './net/namespace.ts';
import type { TurnCredential } from './turn-credential.ts';
import { turnCredential } from './turn-credential.ts';

const CONFIGURATION = fileURLToPath(
  new URL('../../deploy/coturn/turnserver.conf', import.meta.url),
);
/** One that does not answer by then has another trouble than a busy machine. */
const START_TIMEOUT_MS = 120_000;

/** Whether the machine has a coturn; otherwise the tests that need one are not run, and that is said. */
export const hasCoturn = Boolean(process.env['TURNSERVER_PATH']);

/** Where it runs: an address of this machine, or of a namespace. */
export interface Place {
  readonly address: string;
  readonly namespace?: Namespace;
  /** A range that stands for the public addresses of devices. */
  readonly peers?: string;
}

const LOOPBACK: Place = { address: '127.0.0.1' };
const USUAL_PORT = 3478;

/** A coturn of the test's own, with the project's production configuration on loopback addresses. */
export class TurnServer {
  readonly address: string;
  readonly port: number;
  /** What Ringline's server would have in `TURN_SECRET`. */
  readonly secret: string;
  readonly #folder: string;
  readonly #place: Place;
  #child: ChildProcess | undefined;
  #log = '';

  private constructor(place: Place, port: number, folder: string) {
    this.address = place.address;
    this.port = port;
    this.secret = randomBytes(16).toString('hex');
    this.#folder = folder;
    this.#place = place;
  }

  /** Starts it at this address; resolves when it answers. */
  static async start(place: Place = LOOPBACK): Promise<TurnServer> {
    const folder = await mkdtemp(join(tmpdir(), 'ringline-turn-'));
    const port = place.namespace === undefined ? await freePort(place.address) : USUAL_PORT;
    const server = new TurnServer(place, port, folder);
    await server.#run();
    return server;
  }

  /** Over UDP and over TCP. */
  get urls(): readonly string[] {
    return ['udp', 'tcp'].map((transport) => this.url(transport as 'udp' | 'tcp'));
  }

  url(transport: 'udp' | 'tcp'): string {
    const host = isIPv6(this.address) ? `[${this.address}]` : this.address;
    return `turn:${host}:${this.port}?transport=${transport}`;
  }

  /** A credential made by hand; negative seconds make it one that has expired. */
  credential(user: string, seconds = 600): TurnCredential {
    return turnCredential(this.secret, user, seconds);
  }

  /** How many relay addresses it has given away since it started. */
  get allocations(): number {
    return this.#log.match(/session \d+: new, realm=/g)?.length ?? 0;
  }

  /** How many of them it has back. */
  get givenBack(): number {
    return this.#log.match(/session \d+: delete: realm=/g)?.length ?? 0;
  }

  /** What it has logged so far. */
  get log(): string {
    return this.#log;
  }

  /** Kills it and starts it again: everything that it relayed is lost, and must be asked for anew. */
  async restart(): Promise<void> {
    await this.#kill();
    await this.#run();
  }

  async stop(): Promise<void> {
    await this.#kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Only what loopback needs; the rest is as in production. */
  #overrides(): readonly string[] {
    const { peers } = this.#place;
    return [
      `--listening-ip=${this.address}`,
      `--relay-ip=${this.address}`,
      `--listening-port=${this.port}`,
      `--static-auth-secret=${this.secret}`,
      '--allow-loopback-peers',
      `--allowed-peer-ip=${this.address}`,
      ...(peers === undefined ? [] : [`--allowed-peer-ip=${peers}`]),
      '--no-tls',
      '--no-dtls',
      // Allocations are logged only then.
      '--verbose',
      `--pidfile=${join(this.#folder, 'pid')}`,
      `--userdb=${join(this.#folder, 'db')}`,
    ];
  }

  /** It answers from the moment that its last thread runs. */
  async #run(): Promise<void> {
    const words = [coturn(), '-c', CONFIGURATION, ...this.#overrides()] as const;
    const [program, args] = this.#place.namespace?.command(...words) ?? commandOf(...words);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        said += text.toString();
        this.#log += text.toString();
      });
    }
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    try {
      while (!said.includes('SQLite DB connection success')) {
        if (child.exitCode !== null) throw new Error('It has ended.');
        await once(child.stdout, 'data', { signal });
      }
    } catch (cause) {
      await this.stop();
      throw new Error(`coturn did not start.\n${said}`, { cause });
    }
  }
}

function coturn(): string {
  const program = process.env['TURNSERVER_PATH'];
  if (!program) throw new Error('TURNSERVER_PATH is not set: run `npm run test:e2e`.');
  return program;
}

function commandOf(program: string, ...args: string[]): Command {
  return [program, args];
}
