import { z } from 'zod';
import { MAX_ITEM_ID_BYTES, MAX_MESSAGE_BYTES } from '../limits.ts';
import { RECORD_STATUS } from '../messages/record.ts';
import { END_REASONS } from '../reasons.ts';
import { media } from './calls.ts';
import { data } from './json.ts';
import { callId, instant, integer, shortList, text, userId } from './scalars.ts';

const textBody = z.strictObject({ kind: z.literal('text'), text: text(MAX_MESSAGE_BYTES) });
const dataBody = z.strictObject({ kind: z.literal('data'), data });

export const messageBody = z.discriminatedUnion('kind', [textBody, dataBody]);

export const memberDuration = z.strictObject({ user: userId, seconds: integer(0) });

export const callRecord = z.strictObject({
  call: callId,
  roomId: integer(1),
  type: media,
  status: z.literal(Object.values(RECORD_STATUS)),
  reason: z.enum(END_REASONS).describe('[end reason](errors.md#end-reasons-of-a-call)'),
  caller: userId,
  callee: userId,
  durations: shortList(memberDuration, 2),
  invitedAt: instant,
  acceptedAt: instant.nullable(),
  connectedAt: instant.nullable(),
  endedAt: instant,
  endedBy: userId.nullable(),
});

const recordBody = z.strictObject({ kind: z.literal('record'), record: callRecord });

export const inboxItem = z.strictObject({
  cursor: integer(1),
  id: text(MAX_ITEM_ID_BYTES, { min: 1 }),
  from: userId,
  to: userId,
  at: instant,
  body: z.discriminatedUnion('kind', [textBody, dataBody, recordBody]),
});
