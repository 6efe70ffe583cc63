import { once } from 'node:events';
import { createServer } from 'node:net';
import type { SeededRandomness } from '@ringline/testkit';

/**
 * Under those that systems give to outgoing connections: there are hundreds here, and one of them would
 * sooner or later have the port of a server that was killed and is to be started again.
 */
const FIRST = 20_000;
const LAST = 30_000;

/** A free port of loopback that nobody gets by chance. */
export async function steadyPort(randomness: SeededRandomness): Promise<number> {
  for (;;) {
    const port = randomness.integer(FIRST, LAST);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
