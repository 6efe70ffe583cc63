import type { Message, UserId } from '@ringline/client';

/** A text on its way, or one that did not get there. */
export interface Outgoing {
  /** Under which it is sent, and sent again: whatever got lost, it arrives once. */
  readonly key: string;
  readonly text: string;
  readonly state: 'sending' | 'failed';
  /** Why it failed. */
  readonly error?: unknown;
  /** When it was written, in epoch milliseconds of this device. */
  readonly at: number;
  /** The last message of the conversation that was known before it. */
  readonly after: number;
}

/** Whether a message is what became of a text: the same words, by this user, later than what was known before. */
function became(message: Message, { text, after }: Outgoing, me: UserId): boolean {
  const { cursor, from } = message;
  return message.kind === 'text' && message.text === text && cursor > after && from === me;
}

/** The texts that have not come back as messages: a delivery may be faster than its own answer. */
export function notDelivered(
  outbox: readonly Outgoing[],
  messages: readonly Message[],
  me: UserId,
): readonly Outgoing[] {
  const claimed = new Set<number>();
  return outbox.filter((outgoing) => {
    const message = messages.find(
      (each) => !claimed.has(each.cursor) && became(each, outgoing, me),
    );
    if (message !== undefined) claimed.add(message.cursor);
    return message === undefined;
  });
}
