import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bundle } from '@ringline/e2e';

const PARTY = fileURLToPath(new URL('../../pages/party.ts', import.meta.url));

const PAGE = `<!doctype html>
<html lang="en">
<title>One side of a call</title>
<video id="local" autoplay muted playsinline width="320"></video>
<video id="remote" autoplay playsinline width="320"></video>
<script src="/party.js"></script>
</html>`;

/** Serves the page of the measured calls, its script to be kept by the browser as an app's is. */
export class PageServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<PageServer> {
    const script = await bundle(PARTY);
    const server = createServer(({ url }, response) => {
      if (url === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
      if (url !== '/party.js') return response.writeHead(404).end();
      response.setHeader('content-type', 'text/javascript');
      response.setHeader('cache-control', 'max-age=3600, immutable');
      return response.end(script);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PageServer(server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
