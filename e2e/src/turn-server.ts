import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { TurnClient } from './turn-client.ts';
import type { TurnCredential } from './turn-credential.ts';
import { turnCredential } from './turn-credential.ts';

const CONFIGURATION = fileURLToPath(
  new URL('../../deploy/coturn/turnserver.conf', import.meta.url),
);
const START_TIMEOUT_MS = 10_000;

/** Whether the machine has a coturn; otherwise the tests that need one are not run, and that is said. */
export const hasCoturn = Boolean(process.env['TURNSERVER_PATH']);

/** A coturn of the test's own, with the project's production configuration on loopback addresses. */
export class TurnServer {
  readonly address: string;
  readonly port: number;
  /** What Ringline's server would have in `TURN_SECRET`. */
  readonly secret: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(address: string, port: number, folder: string, program: string) {
    this.address = address;
    this.port = port;
    this.secret = randomBytes(16).toString('hex');
    this.#folder = folder;
    const pipes = { stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
    const child = spawn(program, ['-c', CONFIGURATION, ...this.#overrides()], pipes);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (this.#log += text.toString()));
    }
    this.#child = child;
  }

  /** Starts it on a free port of this address; resolves when it answers. */
  static async start(address = '127.0.0.1'): Promise<TurnServer> {
    const program = process.env['TURNSERVER_PATH'];
    if (!program) throw new Error('TURNSERVER_PATH is not set: run `npm run test:e2e`.');
    const folder = await mkdtemp(join(tmpdir(), 'ringline-turn-'));
    const server = new TurnServer(address, await freePort(address), folder, program);
    await server.#answering();
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

  /** What it has logged so far. */
  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Only what loopback needs; the rest is as in production. */
  #overrides(): readonly string[] {
    return [
      `--listening-ip=${this.address}`,
      `--relay-ip=${this.address}`,
      `--listening-port=${this.port}`,
      `--static-auth-secret=${this.secret}`,
      '--allow-loopback-peers',
      `--allowed-peer-ip=${this.address}`,
      '--no-tls',
      '--no-dtls',
      // Allocations are logged only then.
      '--verbose',
      `--pidfile=${join(this.#folder, 'pid')}`,
      `--userdb=${join(this.#folder, 'db')}`,
    ];
  }

  async #answering(): Promise<void> {
    const client = new TurnClient(this.address, this.port);
    const deadline = Date.now() + START_TIMEOUT_MS;
    try {
      while (!(await client.answers())) {
        const hasEnded = this.#child.exitCode !== null;
        if (hasEnded || Date.now() > deadline) throw new Error(`coturn: no answer.\n${this.#log}`);
      }
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      client.close();
    }
  }
}
