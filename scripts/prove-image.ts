// Goes through the steps of the Dockerfile without Docker, and starts what comes out as a user that
// may write nowhere but in the data folder. What it cannot show: the base image, and Docker itself.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@ringline/testkit/free-port';
import { environmentOf, execForm } from './src/image/dockerfile.ts';
import type { Instruction } from './src/image/dockerfile.ts';
import { rehearse } from './src/image/rehearsal.ts';
import type { Rehearsed } from './src/image/rehearsal.ts';

/** Half a minute is what HEALTHCHECK gives it in the image. */
const START_LIMIT_MS = 30_000;
const STEP_MS = 100;

const folder = mkdtempSync(join(tmpdir(), 'ringline-image-'));
try {
  chmodSync(folder, 0o755);
  await prove(rehearse(folder));
} finally {
  spawnSync('chmod', ['-R', 'u+w', folder]);
  rmSync(folder, { recursive: true, force: true });
}

async function prove(image: Rehearsed): Promise<void> {
  const port = await freePort();
  const cwd = join(image.root, image.workdir);
  const env = environment(image, port);
  const who = asStranger(image, env.DATA_DIR ?? '');
  const options = { cwd, env, ...who };
  // The first word of each is `node`.
  const run = (name: string) => execForm(named(image, name)).slice(1);
  const server = spawn(process.execPath, [...run('ENTRYPOINT'), ...execForm(named(image, 'CMD'))], {
    ...options,
    stdio: ['ignore', 2, 2],
  });
  const health = run('HEALTHCHECK');
  const isHealthy = () => spawnSync(process.execPath, health, options).status === 0;
  await until(() => isHealthy() || server.exitCode !== null);
  must(server.exitCode === null, 'the server runs, as a user who may alter none of its files');
  must(isHealthy(), 'HEALTHCHECK says that it is healthy, with its secret from a file');
  const page = await fetch(`http://127.0.0.1:${port}/`);
  must(page.status === 200, 'it serves the softphone');
  must((await fetch(`http://127.0.0.1:${port}/readyz`)).ok, '/readyz says that it is ready');
  await until(() => voiceRuns(server.pid));
  must(voiceRuns(server.pid), 'the engine of its voice was loaded and runs');
  server.kill('SIGTERM');
  const [code] = (await once(server, 'exit')) as [number | null];
  must(code === 0, 'it stops in good order at SIGTERM');
  must(!isHealthy(), 'HEALTHCHECK says then that it is not healthy');
  must(readdirSync(env.DATA_DIR ?? '').includes('ringline.db'), 'its data is in the data folder');
  console.log(`\n${size(cwd)} MB beside the base image, which was not there.`);
}

function named({ stage }: Rehearsed, name: string): Instruction {
  const found = stage.instructions.find((each) => each.name === name);
  if (!found) throw new Error(`the Dockerfile has no ${name}`);
  return found;
}

function environment(image: Rehearsed, port: number): Record<string, string> {
  const set = environmentOf(image.stage);
  return {
    ...set,
    DATA_DIR: join(image.root, set.DATA_DIR ?? ''),
    HOST: '127.0.0.1',
    PORT: String(port),
    VOICE_PORT: '0',
    TOKEN_SECRET_FILE: mountedSecret(image),
    ALLOWED_ORIGINS: 'https://app.example.com',
  };
}

/** A secret as Compose mounts it: a file that belongs to somebody else and can be read. */
function mountedSecret({ root }: Rehearsed): string {
  const folder = join(root, 'run', 'secrets');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'token-secret');
  writeFileSync(path, 'of-this-proof-only-and-long-enough-for-production\n', { mode: 0o444 });
  return path;
}

/** As root the server gets the user of the image; else what it may not write to is made read-only. */
function asStranger({ root, stage }: Rehearsed, dataDir: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) {
    spawnSync('chmod', ['-R', 'a-w', root]);
    chmodSync(dataDir, 0o700);
    return {};
  }
  const user = stage.instructions.find(({ name }) => name === 'USER')?.text ?? '';
  const [uid = Number.NaN, gid = Number.NaN] = user.split(':').map(Number);
  chownSync(dataDir, uid, gid);
  return { uid, gid };
}

function voiceRuns(pid: number | undefined): boolean {
  const { stdout } = spawnSync('ps', ['--ppid', String(pid), '-o', 'args='], { encoding: 'utf8' });
  return stdout.includes('engine');
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + START_LIMIT_MS;
  while (!isSo() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

function must(isSo: boolean, what: string): void {
  console.log(`${isSo ? 'yes' : 'NO '}  ${what}`);
  if (!isSo) throw new Error(`not so: ${what}`);
}

function size(path: string): number {
  const { stdout } = spawnSync('du', ['-sm', path], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10);
}
