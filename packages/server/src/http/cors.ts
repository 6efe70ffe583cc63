import type { FastifyInstance } from 'fastify';
import type { AllowsOrigin } from './origins.ts';

/** How long a browser may remember what it was allowed: ten minutes, so that a change is seen soon. */
const PREFLIGHT_SECONDS = 600;

/** Lets pages of allowed origins read the answers below `/v1` (Fetch, §3.3); others get no header and their browser refuses. */
export function allowOrigins(app: FastifyInstance, allows: AllowsOrigin): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return;
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allows(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'retry-after',
    });
  });

  app.options('/v1/*', async (request, reply) => {
    const { origin } = request.headers;
    if (origin !== undefined && allows(origin)) {
      reply.headers({
        'access-control-allow-methods': 'GET',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': PREFLIGHT_SECONDS,
      });
    }
    return reply.code(204).send();
  });
}
