import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@ringline/testkit/free-port';
import type { PreviewServer, ViteDevServer } from 'vite';
import { createServer, preview } from 'vite';

const HOST = '127.0.0.1';

/** A folder of `examples`, and how it is served: as it is built, or by Vite's server for development. */
export interface Example {
  readonly name: 'html' | 'react' | 'vue' | 'rtm';
  readonly how: 'built' | 'in development';
}

/** An example at an address of its own. */
export interface ServedExample {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an example, which reaches Ringline at the given address. */
export async function serveExample(example: Example, ringline: string): Promise<ServedExample> {
  // The examples' own configuration reads it.
  process.env['RINGLINE_URL'] = ringline;
  const root = rootOf(example.name);
  const options = { root, logLevel: 'warn' } as const;
  // Somebody else may have taken the port before it is listened at; Vite takes the next one then.
  const address = { host: HOST, port: await freePort(HOST), strictPort: false };
  if (example.how === 'in development') {
    const server = await createServer({ ...options, server: { ...address, watch: null } });
    return served(await server.listen());
  }
  await buildExample(example.name);
  return served(await preview({ ...options, preview: address }));
}

function served(server: ViteDevServer | PreviewServer): ServedExample {
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('Vite does not say where it listens.');
  return { url, close: () => server.close() };
}

function rootOf(name: Example['name']): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
}

async function buildExample(name: Example['name']): Promise<void> {
  // What tests are run as would make it a build for development.
  const { NODE_ENV: _, ...env } = process.env;
  await promisify(execFile)('npm', ['run', 'build'], { cwd: rootOf(name), env });
}
