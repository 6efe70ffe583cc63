import type { Message, UserId } from '@ringline/client';
import { outcomeOf } from '../model/outcome.ts';
import type { Texts } from '../text/en.ts';

/** A message in one line, for an overview. */
export function lineOf(message: Message, me: UserId, text: Texts): string {
  switch (message.kind) {
    case 'text':
      return own(message, me, message.text.replaceAll(/\s+/gu, ' '), text);
    case 'data':
      return own(message, me, text.messages.data, text);
    case 'record':
      return outcomeOf(message.record, me, text).said;
  }
}

function own({ from }: Message, me: UserId, line: string, { messages }: Texts): string {
  return from === me ? messages.youSaid(line) : line;
}
