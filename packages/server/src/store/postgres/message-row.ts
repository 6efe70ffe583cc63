import type { InboxBody, InboxItem } from '@ringline/protocol';
import { given } from './text.ts';

/** A message as it lies in one inbox. */
export interface MessageRow {
  readonly cursor: number;
  readonly id: string;
  readonly sender: string;
  readonly recipient: string;
  readonly at: number;
  readonly body: string;
}

/** The row as an item of the inbox. */
export function itemOf({ cursor, id, sender, recipient, at, body }: MessageRow): InboxItem {
  return {
    cursor,
    id: given(id),
    from: given(sender),
    to: given(recipient),
    at,
    body: JSON.parse(body) as InboxBody,
  };
}
