import { INBOX_WINDOW } from '@ringline/protocol';

/**
 * One acknowledgement tells the senders of so many items at most that they were delivered. A device
 * has a window of items under way; one that claims more, as after a backup, must not hold up the
 * store. Whoever wrote before that learns it with the next of its messages.
 */
export const MAX_RECEIPT_SPAN = 4 * INBOX_WINDOW;
