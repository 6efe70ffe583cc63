import { z } from 'zod';
import {
  MAX_ATTRIBUTE_BYTES,
  MAX_ATTRIBUTE_KEY_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NAMED_INVITATIONS,
} from '../../limits.ts';
import { INVITATION_FAILURES, INVITATION_STATES } from '../../messages/rtm/invitation.ts';
import { utf8Length } from '../../text.ts';
import { content } from '../calls.ts';
import {
  channelId,
  custom,
  deviceId,
  instant,
  integer,
  invitationId,
  shortList,
  text,
  userId,
} from '../scalars.ts';

export const invitationVersion = z.strictObject({ id: invitationId, version: integer(0) });
export const invitations = shortList(invitationVersion, MAX_NAMED_INVITATIONS);

export const invitationView = z.strictObject({
  id: invitationId,
  version: integer(1),
  side: z.enum(['caller', 'callee']),
  peer: userId,
  content,
  channel: content,
  response: content,
  state: z.enum(INVITATION_STATES),
  failure: z.enum(INVITATION_FAILURES).exactOptional(),
  answeredBy: deviceId.exactOptional(),
  remainingMs: integer(0),
});

const textBody = z.strictObject({ kind: z.literal('text'), text: text(MAX_MESSAGE_BYTES) });

/** Characters of base64 that MAX_MESSAGE_BYTES take. */
const MAX_RAW_CHARACTERS = Math.ceil(MAX_MESSAGE_BYTES / 3) * 4;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const base64 = z
  .string()
  .check((context) => {
    const { value } = context;
    if (value.length <= MAX_RAW_CHARACTERS && BASE64.test(value)) return;
    context.issues.push(custom(`must be base64 of at most ${MAX_MESSAGE_BYTES} bytes`, value));
  })
  .describe(`base64 of at most ${MAX_MESSAGE_BYTES} bytes`);

function bytesIn(raw: string): number {
  const padding = raw.endsWith('==') ? 2 : Number(raw.endsWith('='));
  return (raw.length / 4) * 3 - padding;
}

const rawBody = z
  .strictObject({ kind: z.literal('raw'), raw: base64, description: text(MAX_MESSAGE_BYTES) })
  .check((context) => {
    const { raw, description } = context.value;
    const bytes = bytesIn(raw) + utf8Length(description);
    if (bytes <= MAX_MESSAGE_BYTES) return;
    const flaw = `must be at most ${MAX_MESSAGE_BYTES} bytes together with \`description\`, has ${bytes}`;
    context.issues.push({ ...custom(flaw, raw), path: ['raw'] });
  });

export const rtmBody = z.discriminatedUnion('kind', [textBody, rawBody]);

export const attributesOf = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('user'), user: userId }),
  z.strictObject({ kind: z.literal('channel'), channel: channelId }),
]);

export const attributeKey = text(MAX_ATTRIBUTE_KEY_BYTES, { min: 1 });
const value = text(MAX_ATTRIBUTE_BYTES);
export const attributeSet = z.strictObject({ key: attributeKey, value });
export const attribute = z.strictObject({ key: attributeKey, value, by: userId, at: instant });
