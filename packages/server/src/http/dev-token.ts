import type { Peer } from '@ringline/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { flawOfPeer } from '../auth/mint.ts';
import { HttpError } from './errors.ts';
import { hostnameOf, isLoopback } from './loopback.ts';
import { validated } from './validate.ts';

/** Makes a token for anybody who asks; exists in development mode only. */
export type MintDevToken = (peer: Peer) => Promise<string>;

const DevTokenBody = z.strictObject({ user: z.string(), name: z.string().optional() });

/** `POST /dev/token {user, name?}` → `{token}`. */
export function serveDevTokens(app: FastifyInstance, mint: MintDevToken): void {
  app.post('/dev/token', async (request, reply) => {
    refuseStrangers(request);
    const { user, name } = validated(DevTokenBody, request.body, 'body');
    const peer = { user, ...(name !== undefined && { name }) };
    const flaw = flawOfPeer(peer);
    if (flaw !== undefined)
      throw new HttpError('malformed', `body.${flaw}`, `body.${flaw.split(':')[0]}`);
    reply.header('cache-control', 'no-store');
    return { token: await mint(peer) };
  });
}

/**
 * Any page that the developer visits can post to a port of this machine. A page under another
 * name shows by its Origin; one whose name was rebound to 127.0.0.1 after loading shows by Host.
 */
function refuseStrangers({ headers }: FastifyRequest): void {
  const { host = '', origin } = headers;
  if (!isLoopback(hostnameOf(host))) {
    throw new HttpError('forbidden', `Tokens are given on this machine only, not as “${host}”.`);
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new HttpError('forbidden', 'Tokens are given to the pages of this server only.');
  }
}
