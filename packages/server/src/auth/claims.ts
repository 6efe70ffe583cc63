import { MAX_AVATAR_BYTES, MAX_NAME_BYTES, flawOfId, utf8Length } from '@ringline/protocol';
import { z } from 'zod';

/** Seconds by which the clock of the token's maker may differ from ours. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** The last second that a Date can name: beyond it an `exp` is a mistake in units. */
const MAX_EXP = 8_640_000_000_000;

const id = z.string().superRefine((text, context) => {
  const flaw = flawOfId(text);
  if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw });
});

const textOf = (maxBytes: number) =>
  z
    .string()
    .refine((text) => text.isWellFormed(), 'contains half a character (a lone surrogate)')
    .refine((text) => utf8Length(text) <= maxBytes, `must be at most ${maxBytes} bytes`);

const webAddress = textOf(MAX_AVATAR_BYTES).refine(
  // Peers put it into an image element: other schemes would run or load something else.
  (text) => URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol),
  'must be an http or https address',
);

/** The claims that say who a bearer is; `aud`, `iss`, `nbf` are checked with the signature. */
export const Claims = z.object({
  sub: id,
  name: textOf(MAX_NAME_BYTES).optional(),
  avatar: webAddress.optional(),
  /** False: this user may not hold calls, not ask for a picture, not have two calls at once. */
  hold: z.boolean().optional(),
  addVideo: z.boolean().optional(),
  callWaiting: z.boolean().optional(),
  /** False: no voice tells others why they do not reach this user. */
  announcements: z.boolean().optional(),
  /** False: nobody is told what this user has read. */
  readReceipts: z.boolean().optional(),
  /** False: this user has no records as messages. */
  recordMessages: z.boolean().optional(),
  /** False: this user may not list the users seen here. */
  directory: z.boolean().optional(),
  /** False: this user is not told who is there. */
  presence: z.boolean().optional(),
  /** False: this user's pages may not speak RTM. */
  rtm: z.boolean().optional(),
  exp: z.number().min(0).max(MAX_EXP).optional(),
});
