import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.ts';
import type { FloorService } from './floor.ts';
import type { ProbeService } from './probe.ts';
import type { Recording } from './recording.ts';
import { TOKEN_SECRET } from './tokens.ts';

/** What load is put on: the real server, or the bare relay that it is compared with. */
export const KINDS = ['floor', 'server'] as const;
export type Kind = (typeof KINDS)[number];

/** A process whose use of the machine is measured. */
export interface Measured {
  readonly kind: Kind;
  readonly child: ChildProcess;
  /** Where devices connect. */
  readonly url: string;
  stop(): Promise<void>;
}

const SERVER = fileURLToPath(new URL('../../packages/server/src/cli.ts', import.meta.url));
const FLOOR = fileURLToPath(new URL('floor.ts', import.meta.url));
const PROBE = new URL('probe.ts', import.meta.url).href;
/** On the disk of the checkout: a `/tmp` in memory would make every commit free. */
const DATA = fileURLToPath(new URL('../data/', import.meta.url));

/** Asks the probe in a measured process. */
export function probe({ child }: Measured, what: keyof ProbeService): Promise<number> {
  return ask<ProbeService, typeof what>(child, what, undefined);
}

/** Durable steps that a server has counted so far. */
export function stepsOf(server: Measured): Promise<number> {
  return counted(server, /^ringline_step_commit_seconds_count (\d+)/m);
}

/** What the server's metrics have for the pattern's only group. */
export async function counted({ url }: Measured, pattern: RegExp): Promise<number> {
  const metrics = await fetch(new URL('/metrics', url.replace('ws', 'http')));
  return Number(pattern.exec(await metrics.text())?.[1]);
}

/** Starts `ringline serve` as in production, with a fresh database unless the settings name one. */
export async function startServer(
  nodeFlags: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  mkdirSync(DATA, { recursive: true });
  const folder = mkdtempSync(join(DATA, 'run-'));
  const log = openSync(join(folder, 'log'), 'w');
  const child = fork(SERVER, ['serve'], {
    env: {
      MODE: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: folder,
      TOKEN_SECRET,
      ALLOWED_ORIGINS: 'https://bench.example',
      ...settings,
    },
    execArgv: flags(nodeFlags),
    stdio: ['ignore', 'pipe', log, 'ipc'],
  });
  closeSync(log);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const url = await listening(child);
    return {
      kind: 'server',
      child,
      url: url.replace('http', 'ws').concat('/v1/connect'),
      stop: () => stop(child).then(removeFolder),
    };
  } catch (error) {
    const said = readFileSync(join(folder, 'log'), 'utf8');
    removeFolder();
    throw new Error(`the server did not start: ${said}`, { cause: error });
  }
}

/** Starts the bare relay that replays a recording. */
export async function startFloor(
  recording: Recording,
  nodeFlags: readonly string[] = [],
): Promise<Measured> {
  const child = fork(FLOOR, [], { execArgv: flags(nodeFlags) });
  const url = await ask<FloorService, 'relay'>(child, 'relay', recording);
  return { kind: 'floor', child, url, stop: () => stop(child) };
}

function flags(more: readonly string[]): string[] {
  return ['--expose-gc', '--import', PROBE, ...more];
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/\S+/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`it said only “${said}”`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
