import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const LISTEN = fileURLToPath(new URL('listen.ts', import.meta.url));

/** Whether tests may make networks of their own here; otherwise those that need one are not run, and that is said. */
export const hasNamespaces = Boolean(process.env['RINGLINE_NAMESPACES']);

/** A program with its arguments, as `spawn` takes them. */
export type Command = readonly [program: string, args: string[]];

let made = 0;

/** A network namespace (network_namespaces(7)): interfaces, addresses and routes that only its programs have. */
export class Namespace {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** A new one with a loopback interface; its name tells whose it is. */
  static async create(label: string): Promise<Namespace> {
    const namespace = new Namespace(`ringline-${process.pid}-${made++}-${label}`);
    await run('ip', ['netns', 'add', namespace.name]);
    await namespace.ip('link', 'set', 'lo', 'up');
    return namespace;
  }

  /** Runs `ip` on what is in it. */
  async ip(...args: readonly string[]): Promise<void> {
    await run('ip', ['-n', this.name, ...args]);
  }

  /** Lets it pass on packets that are for others, as a router does. */
  async forward(): Promise<void> {
    const [program, args] = this.command('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    await run(program, args);
  }

  /** What to spawn so that the program runs in here; the process is the program itself. */
  command(program: string, ...args: readonly string[]): Command {
    return ['ip', ['netns', 'exec', this.name, program, ...args]];
  }

  /** A listener in here whose connections arrive in this process. */
  async listen(address: string, port: number): Promise<Server> {
    const [program, args] = this.command(process.execPath, LISTEN, address, String(port));
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [server] = await Promise.race([handed(child), failed(child)]);
    child.disconnect();
    return server;
  }

  /** Removes it with its interfaces; the programs in it must have ended. */
  async remove(): Promise<void> {
    await run('ip', ['netns', 'delete', this.name]);
  }
}

function handed(child: ChildProcess): Promise<[Server]> {
  return new Promise((resolve) => {
    child.once('message', (_, handle) => resolve([handle as Server]));
  });
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number];
  throw new Error(`No listener: the process in the namespace ended with code ${code}.`);
}
