import type { Refusal, Reply } from '@ringline/protocol';

type WithoutRe<T> = T extends unknown ? Omit<T, 're'> : never;

/** A reply that does not name its request yet. */
export type BareReply = WithoutRe<Exclude<Reply, { readonly type: 'refused' }>>;

/** How a request ended: with a reply, with the kept text of the reply it once had, or refused. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: BareReply }
  | { readonly kind: 'kept'; readonly reply: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The answer as the text of one frame. */
export function frameOf(answer: Answer, re: number): string {
  switch (answer.kind) {
    case 'reply':
      return JSON.stringify({ ...answer.reply, re });
    case 'kept':
      return `${answer.reply.slice(0, -1)},"re":${re}}`;
    case 'refused':
      return JSON.stringify({ type: 'refused', re, ...answer.refusal });
  }
}

/** An answer that it was not done. */
export function refusedWith(why: Refusal): Answer {
  return { kind: 'refused', refusal: why };
}

/** The plainest answer: it was done. */
export const DONE: Answer = { kind: 'reply', reply: { type: 'done' } };
