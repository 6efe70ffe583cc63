import type { InboxBody, InboxItem, UserId } from '@ringline/protocol';

/** A message as it lies in one inbox. */
export interface MessageRow {
  readonly cursor: number;
  readonly id: string;
  readonly sender: UserId;
  readonly recipient: UserId;
  readonly at: number;
  readonly body: string;
}

/** The row as an item of the inbox. */
export function itemOf({ cursor, id, sender, recipient, at, body }: MessageRow): InboxItem {
  return { cursor, id, from: sender, to: recipient, at, body: JSON.parse(body) as InboxBody };
}
