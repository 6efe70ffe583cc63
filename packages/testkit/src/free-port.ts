import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';

/**
 * Under those that systems give to outgoing connections (Linux from 32,768, macOS from 49,152). A port
 * from among those may be taken by any connection of the machine before a server listens there, or
 * while it is killed and to be started again; a device that calls such a server may even get the port
 * itself, and be connected to itself.
 */
const FIRST = 20_000;
const LAST = 29_999;

/** No two servers of one process are given the same, however long each takes to listen. */
let next = randomInt(FIRST, LAST + 1);

/** A port of this address that nobody has, for TCP and for UDP, and that nobody gets by chance. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    if (await isFree(port, address)) return port;
  }
}

/** Whether a server may listen there just now, for TCP and for UDP. */
export async function isFree(port: number, address = '127.0.0.1'): Promise<boolean> {
  return (await isFreeForTcp(port, address)) && (await isFreeForUdp(port, address));
}

async function isFreeForTcp(port: number, address: string): Promise<boolean> {
  const server = createServer().listen(port, address);
  if (!(await succeeds(once(server, 'listening')))) return false;
  server.close();
  await once(server, 'close');
  return true;
}

async function isFreeForUdp(port: number, address: string): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4').bind(port, address);
  if (!(await succeeds(once(socket, 'listening')))) return false;
  socket.close();
  await once(socket, 'close');
  return true;
}

/** Throws what is no conflict: an address that is not this machine's has no free port at all. */
async function succeeds(listening: Promise<unknown>): Promise<boolean> {
  try {
    await listening;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}
