import type { FastifyInstance } from 'fastify';
import { malformed } from './validate.ts';

/** Takes bodies of JSON and no others; an empty one is none, whatever its type says, as clients send it with DELETE. */
export function takeJson(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    void parse(request, String(body), (error, value) =>
      error === null ? done(null, value) : done(malformed('body', NO_JSON)),
    );
  });
}

const NO_JSON = 'is no JSON, or has a key `__proto__` or `constructor`';
