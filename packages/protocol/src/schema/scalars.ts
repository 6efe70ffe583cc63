import { z } from 'zod';
import type { CallId, DeviceId, InvitationId, UserId } from '../ids.ts';
import { flawOfCallId, flawOfChannel, flawOfId } from '../ids.ts';
import { MAX_CHANNEL_BYTES, MAX_ID_BYTES } from '../limits.ts';
import type { RtmMessageId } from '../messages/rtm/message.ts';
import { utf8Length } from '../text.ts';

/** UTF-8 bytes that one UTF-16 unit can take: nothing needs counting when even these fit. */
const MAX_BYTES_PER_UNIT = 3;

/** A string of which `flawOf` finds nothing to say. */
function flawless(description: string, flawOf: (text: string) => string | undefined) {
  return z
    .string()
    .check((context) => {
      const flaw = flawOf(context.value);
      if (flaw !== undefined) context.issues.push(custom(flaw, context.value));
    })
    .describe(description);
}

/** An issue of our own in the words given. */
export function custom(message: string, input: unknown) {
  return { code: 'custom', message, input } as const;
}

/** Well-formed Unicode of so many UTF-8 bytes; any character else, NUL included. */
export function text(maxBytes: number, { min = 0 } = {}) {
  const range = min === 0 ? `at most ${maxBytes} bytes` : `${min}–${maxBytes} bytes`;
  return flawless(`text, ${range}`, (value) => {
    if (!value.isWellFormed()) return 'contains half a character (a lone surrogate)';
    if (value.length >= min && value.length * MAX_BYTES_PER_UNIT <= maxBytes) return undefined;
    const bytes = utf8Length(value);
    return bytes < min || bytes > maxBytes ? `must be ${range}, has ${bytes}` : undefined;
  });
}

const ID_RULE = `1–${MAX_ID_BYTES} bytes, no control characters`;

/** A user's id. */
export const userId: z.ZodType<UserId> = flawless(`user id: ${ID_RULE}`, flawOfId);
/** A device's id. */
export const deviceId: z.ZodType<DeviceId> = flawless(`device id: ${ID_RULE}`, flawOfId);
/** The key that the sender of a message made for it. */
export const messageKey = flawless(`key: ${ID_RULE}`, flawOfId);
/** A call's id. */
export const callId: z.ZodType<CallId> = flawless(
  'call id: 16–64 characters of `A–Z a–z 0–9 _ -`',
  flawOfCallId,
);

/** A bare invitation's id. */
export const invitationId: z.ZodType<InvitationId> = flawless(
  'invitation id: 16–64 characters of `A–Z a–z 0–9 _ -`',
  flawOfCallId,
);
/** The id of a message of RTM. */
export const rtmMessageId: z.ZodType<RtmMessageId> = flawless(
  'message id: 16–64 characters of `A–Z a–z 0–9 _ -`',
  flawOfCallId,
);
/** A channel's id. */
export const channelId: z.ZodType<string> = flawless(
  `channel id: 1–${MAX_CHANNEL_BYTES} bytes`,
  flawOfChannel,
);

/** A whole number within these bounds; −0 is none, because it does not survive JSON. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min}–${max}`;
  return z
    .number()
    .check((context) => {
      const { value } = context;
      if (Number.isSafeInteger(value) && value >= min && value <= max && !Object.is(value, -0)) {
        return;
      }
      context.issues.push(custom(`must be a whole number, ${range}`, value));
    })
    .describe(`whole number, ${range}`);
}

/** A number within these bounds, fractions allowed; −0 is none. */
export function decimal(min: number, max: number) {
  const range = `${min}–${max}`;
  return z
    .number()
    .check((context) => {
      const { value } = context;
      if (value >= min && value <= max && !Object.is(value, -0)) return;
      context.issues.push(custom(`must be a number, ${range}`, value));
    })
    .describe(`number, ${range}`);
}

/** A moment of the server's clock. */
export const instant = integer(0).describe('epoch milliseconds');

/** A list that is measured before its items are read: a long one costs its sender, not us. */
export function shortList<Item extends z.ZodType>(item: Item, max: number, min = 0) {
  const range = min === 0 ? `at most ${max}` : `${min}–${max}`;
  const isShort = (value: unknown) =>
    Array.isArray(value) && value.length >= min && value.length <= max;
  return z
    .custom<z.input<Item>[]>(isShort, `must be a list of ${range} items`)
    .pipe(z.array(item))
    .describe(`list of ${range}`);
}
