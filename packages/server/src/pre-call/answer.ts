import type { Invite, PreCallAnswer, RtmInvite } from '@ringline/protocol';
import { DEVICE_SCHEMAS } from '@ringline/protocol/schema';
import { z } from 'zod';
import { flawText } from '../flaws.ts';

// What a caller may say, and no more.
const { media, content, ringTimeoutMs, holdable } = DEVICE_SCHEMAS.invite.shape;

const Answer = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('allow'),
    invitation: z
      .strictObject({ media: media.exactOptional(), content, ringTimeoutMs, holdable })
      .exactOptional(),
  }),
  z.strictObject({ decision: z.literal('deny') }),
]) satisfies z.ZodType<PreCallAnswer>;

/** What a customer's server answered, or the flaw for which it is none: its first bad field, and what is wrong with that. */
export type AnswerRead = { readonly answer: PreCallAnswer } | { readonly flaw: string };

/** Reads the body of an answer about that invitation. */
export function answerIn(body: string, invite: Invite | RtmInvite): AnswerRead {
  const json = jsonIn(body);
  if (json === undefined) return { flaw: 'it is not JSON' };
  const read = Answer.safeParse(json);
  // It names fields and rules, never values: the content is nothing for a log.
  if (!read.success) return { flaw: flawText(read.error, json, 'answer', 'body') };
  const { data: answer } = read;
  const isSeen = answer.decision === 'allow' && answer.invitation?.media === 'video';
  const asksSound = invite.type === 'invite' && invite.media === 'audio';
  if (isSeen && asksSound) return { flaw: NOBODY_IS_SEEN };
  return { answer };
}

const NOBODY_IS_SEEN =
  'invitation.media: a caller who asked for sound alone is not made to be seen';

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
