import type { Refusal, Reply } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';

type WithoutRe<T> = T extends unknown ? Omit<T, 're'> : never;

/** A reply that does not name its request yet. */
export type BareReply = WithoutRe<Exclude<Reply, { readonly type: 'refused' }>>;

/** How a request ended: with a reply, with the kept text of the reply it once had, or refused. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: BareReply }
  | { readonly kind: 'kept'; readonly reply: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The answer of what was done, as the text of one frame. */
export function frameOf(answer: Exclude<Answer, { readonly kind: 'refused' }>, re: number): string {
  if (answer.kind === 'reply') return JSON.stringify({ ...answer.reply, re });
  return `${answer.reply.slice(0, -1)},"re":${re}}`;
}

/** The world is away, not broken: the device tries again soon. */
export const UNAVAILABLE: Refusal = refusal('unavailable', { retryAfterMs: 1_000 });

/** An answer that it was not done. */
export function refusedWith(why: Refusal): Answer {
  return { kind: 'refused', refusal: why };
}

/** The plainest answer: it was done. */
export const DONE: Answer = { kind: 'reply', reply: { type: 'done' } };
