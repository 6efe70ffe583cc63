import { MAX_UNREAD } from '@ringline/protocol';
import type { AuditedConversation, ConversationItem } from '../store/audit.ts';
import { MAX_RECEIPT_SPAN } from '../store/receipts.ts';

/** What the items of a conversation that are left come to. */
interface Counted {
  readonly last: number;
  readonly unread: number;
  /** The last of the owner's items that a device of the peer has had; of these the last that it must have told. */
  readonly had: number;
  readonly toldHad: number;
  /** The last of the owner's items that the peer has read. */
  readonly read: number;
}

const NOTHING: Counted = { last: 0, unread: 0, had: 0, toldHad: 0, read: 0 };

/** What is wrong with a conversation: its end, its unread count, and its marks, all counted anew from its items. */
export async function flawsOfConversation(
  audited: AuditedConversation,
  items: AsyncIterable<ConversationItem>,
): Promise<readonly string[]> {
  let counted = NOTHING;
  for await (const item of items) counted = withItem(counted, item, audited);
  const { owner, peer } = audited;
  return [
    ...flawsOfEnd(audited, counted),
    ...flawsOfUnread(audited, counted),
    ...flawsOfBounds(audited),
    ...(peer === owner ? [] : flawsOfReceipts(audited, counted)),
  ].map((flaw) => `the conversation of ${owner} with ${peer}: ${flaw}`);
}

function withItem(
  { last, unread, had, toldHad, read }: Counted,
  { cursor, isOwn, theirs }: ConversationItem,
  { told, peerAcknowledged, peerFirst, peerRead }: AuditedConversation,
): Counted {
  const isHad = isOwn && theirs > 0 && theirs <= Math.max(peerAcknowledged, peerRead);
  // Perhaps nobody was told of what lay further back when a device claimed so much, or was gone by then.
  const from = Math.max(peerFirst, peerAcknowledged - MAX_RECEIPT_SPAN + 1);
  const isTold = isOwn && theirs <= peerAcknowledged && theirs >= from;
  return {
    last: Math.max(last, cursor),
    unread: unread + (!isOwn && cursor > told.readUpTo ? 1 : 0),
    had: isHad ? cursor : had,
    toldHad: isTold && theirs > 0 ? cursor : toldHad,
    read: isOwn && theirs > 0 && theirs <= peerRead ? cursor : read,
  };
}

function flawsOfEnd({ last, inbox }: AuditedConversation, counted: Counted): readonly string[] {
  // All its items may be gone from the beginning of the inbox.
  if (counted.last === last || (counted.last === 0 && last < inbox.first)) return [];
  return [`ends at ${last}, and its last item lies at ${counted.last}`];
}

function flawsOfUnread({ told }: AuditedConversation, { unread }: Counted): readonly string[] {
  const due = Math.min(unread, MAX_UNREAD);
  return told.unread === due ? [] : [`has ${told.unread} unread, and counted anew ${due}`];
}

function flawsOfBounds({ told, inbox }: AuditedConversation): readonly string[] {
  const { readUpTo, deliveredUpTo, peerReadUpTo, revision } = told;
  const marks = { read: readUpTo, delivered: deliveredUpTo, 'read by the peer': peerReadUpTo };
  const flaws = Object.entries(marks)
    .filter(([, mark]) => mark > inbox.head)
    .map(([name, mark]) => `is ${name} up to ${mark}, beyond the head ${inbox.head}`);
  if (revision > inbox.revision) {
    flaws.push(`has revision ${revision}, and the newest is ${inbox.revision}`);
  }
  return flaws;
}

/** No receipt is ahead of what the peer has had or read; what was acknowledged is told as delivered. */
function flawsOfReceipts(
  { peer, told, inbox }: AuditedConversation,
  { had, toldHad, read }: Counted,
): readonly string[] {
  const { deliveredUpTo: delivered, peerReadUpTo: peerRead } = told;
  // Of what is gone from the beginning of the inbox nothing can be counted.
  const isKept = (mark: number) => mark >= inbox.first && mark <= inbox.head;
  const flaws: string[] = [];
  if ((isKept(delivered) && delivered > had) || delivered < toldHad) {
    flaws.push(`is delivered up to ${delivered}, and ${peer} has had it up to ${had}`);
  }
  if (isKept(peerRead) && peerRead > read) {
    flaws.push(`is read by the peer up to ${peerRead}, and ${peer} has read it up to ${read}`);
  }
  if (peerRead > delivered) {
    flaws.push(`is read by the peer up to ${peerRead}, and delivered up to ${delivered}`);
  }
  return flaws;
}
