import type { Message } from '@ringline/client';
import type { Progress } from '../model/conversation.ts';
import { daysBefore } from '../ui/format.ts';

/** One entry of a conversation as it is drawn. */
export type Entry =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      /** How far one of this user's own has come. */
      readonly progress: Progress | undefined;
      /** Whether the next one is of somebody else, much later, or has not come as far: what is said below is said once for those between. */
      readonly isLast: boolean;
    };

/** What is said within this time belongs together. */
const TOGETHER_MS = 300_000;

/** Messages, the oldest first, with a mark where a day begins and where the first new one stands. */
export function entriesOf(
  messages: readonly Message[],
  newFrom: number | undefined,
  progressOf: (message: Message) => Progress | undefined,
): Entry[] {
  return messages.flatMap((message, i) => {
    const progress = progressOf(message);
    const before = messages[i - 1];
    const next = messages[i + 1];
    const entries: Entry[] = [];
    if (before === undefined || daysBefore(before.at, message.at) !== 0) {
      entries.push({ kind: 'day', key: `day ${message.cursor}`, at: message.at });
    }
    if (message.cursor === newFrom) entries.push({ kind: 'new', key: 'new' });
    const isTogether = next !== undefined && belong(message, next) && next.cursor !== newFrom;
    const isLast = !isTogether || progressOf(next) !== progress;
    entries.push({ kind: 'message', key: String(message.cursor), message, progress, isLast });
    return entries;
  });
}

function belong(a: Message, b: Message): boolean {
  const isNear = b.at - a.at < TOGETHER_MS && daysBefore(a.at, b.at) === 0;
  return isNear && senderOf(a) === senderOf(b);
}

/** A call stands on the side of who called, whoever ended it. */
export function senderOf(message: Message): string {
  return message.kind === 'record' ? message.record.caller : message.from;
}
