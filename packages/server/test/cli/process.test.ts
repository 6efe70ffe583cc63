import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Runs the real program on a data folder of its own. */
function start(...args: string[]) {
  const data = mkdtempSync(join(tmpdir(), 'ringline-cli-'));
  const env = { PATH: process.env.PATH, DATA_DIR: data, LOG_LEVEL: 'warn' };
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(data, { recursive: true, force: true });
  });
  return { child, exit: exitOf(child), ...outputOf(child) };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

function outputOf(child: ChildProcess) {
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const url = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const [found] = /http:\/\/[\d.]+:\d+/.exec(out) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, out: () => out, err: () => err };
}

test('the server serves until SIGTERM and ends with 0, whatever browsers keep open', async () => {
  const server = start('serve', '--port', '0');
  const url = await server.url;
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  server.child.kill('SIGTERM');
  expect([await server.exit, server.err()]).toEqual([0, '']);
});

test('Ctrl-C under npm comes twice at once, and is still one', async () => {
  const server = start('serve', '--port', '0');
  await server.url;
  server.child.kill('SIGINT');
  server.child.kill('SIGINT');
  expect(await server.exit).toBe(0);
});

test('a port in use is told with what to do, and ends with 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const server = start('serve', '--port', String(port));
  expect(await server.exit).toBe(1);
  expect(server.err()).toContain(`Port ${port} is in use.`);
});

test('a token for a user comes out of the real program', async () => {
  const program = start('token', 'alice');
  expect(await program.exit).toBe(0);
  expect(program.out()).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
});
