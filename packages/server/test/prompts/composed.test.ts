import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { MemoryLog } from '../observe/memory-log.ts';

/** A server with its voice, in development mode. */
async function composed(env: Record<string, string>) {
  const loaded = loadConfig({ flags: { port: '0' }, env, readFile: () => '' });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  const log = new MemoryLog();
  const running = await compose(loaded.config, { store: new MemoryStore(), log });
  return { log, running };
}

const SOON = { timeout: 30_000, interval: 10 };

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a server has a voice unless told otherwise, and it ends with the server', async () => {
  const { log, running } = await composed({});
  // Where the machine is busy, it may not be the first that was started.
  await expect
    .poll(() => log.lines.at(-1), SOON)
    .toMatchObject({ text: expect.stringContaining('voice is ready') as string });
  const { pid } = log.lines.at(-1)!.fields as { pid: number };
  expect(lives(pid)).toBe(true);
  await running.close();
  expect(lives(pid)).toBe(false);
});

test('when another program has the voice’s port, the server serves all the same', async () => {
  const other = createSocket('udp4').bind(0);
  await once(other, 'listening');
  const { port } = other.address();
  const { log, running } = await composed({ VOICE_PORT: String(port) });
  expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
  const why = expect.stringContaining(`UDP port ${port} is in use`) as string;
  await expect.poll(() => log.lines[0], SOON).toMatchObject({ level: 'error', fields: { why } });
  await running.close();
  other.close();
});

test('with VOICE=off there is no process for it', async () => {
  const { log, running } = await composed({ VOICE: 'off' });
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  expect(metrics).toContain('ringline_voice_listeners 0');
  await running.close();
  expect(log.lines).toEqual([]);
});
