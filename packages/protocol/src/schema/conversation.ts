import { z } from 'zod';
import { MAX_UNREAD } from '../limits.ts';
import { integer, userId } from './scalars.ts';

export const conversation = z.strictObject({
  peer: userId,
  revision: integer(0),
  unread: integer(0, MAX_UNREAD),
  readUpTo: integer(0),
  deliveredUpTo: integer(0),
  peerReadUpTo: integer(0),
});
