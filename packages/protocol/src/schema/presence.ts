import { z } from 'zod';
import { PRESENCE_STATES } from '../messages/presence.ts';
import { instant, userId } from './scalars.ts';

export const presence = z.strictObject({
  user: userId,
  state: z.enum(PRESENCE_STATES),
  since: instant.exactOptional(),
  left: z.literal(true).exactOptional(),
});
