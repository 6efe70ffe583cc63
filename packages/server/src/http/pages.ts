import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Only our own scripts; sockets to this host; pictures of peers from anywhere by https. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: https:",
  "media-src 'self' blob: data:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'permissions-policy': 'camera=(self), microphone=(self), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<title>Ringline</title>
<h1>Ringline is running</h1>
<p>Its pages are not built. Run <code>npm run pages</code> in the project folder, then load this page again.</p>
</html>
`;

/** The built pages at `/`, or how to build them. */
export function servePages(app: FastifyInstance, folder: string): void {
  app.get('/', (_request, reply) => {
    if (existsSync(join(folder, 'index.html'))) return reply.sendFile('index.html');
    return reply.headers(PAGE_HEADERS).code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
  });
  void app.register(fastifyStatic, {
    root: folder,
    suppressWarning: true,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => setPageHeaders(reply, path),
  });
}

function setPageHeaders(reply: FastifyReply, path: string): void {
  // The builder names what is in assets by its content.
  const immutable = /[\\/]assets[\\/]/.test(path);
  const caching = immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
  reply.headers({ ...PAGE_HEADERS, 'cache-control': caching });
}
