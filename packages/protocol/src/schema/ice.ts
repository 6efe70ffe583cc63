import { z } from 'zod';
import { MAX_ICE_SERVERS, MAX_ICE_URLS, MAX_ICE_URL_BYTES, MAX_ICE_NAME_BYTES } from '../limits.ts';
import type { IceConfig } from '../messages/ice.ts';
import { PRECONNECT } from '../messages/ice.ts';
import { integer, shortList, text } from './scalars.ts';

export const iceServer = z.strictObject({
  urls: shortList(text(MAX_ICE_URL_BYTES, { min: 1 }), MAX_ICE_URLS, 1),
  username: text(MAX_ICE_NAME_BYTES).exactOptional(),
  credential: text(MAX_ICE_NAME_BYTES).exactOptional(),
});

export const iceConfig = z.strictObject({
  servers: shortList(iceServer, MAX_ICE_SERVERS),
  expiresMs: integer(0).exactOptional(),
  relayOnly: z.boolean(),
  preconnect: z.enum(PRECONNECT),
}) satisfies z.ZodType<IceConfig>;
