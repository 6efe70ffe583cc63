import type { AuditedItem, AuditedMessage } from '../store/audit.ts';

/** What is wrong with one item of an inbox: its message, the place of that at the other party, and its conversation. */
export function flawsOfItem(audited: AuditedItem): readonly string[] {
  const { owner, cursor, message } = audited;
  const flaws = message
    ? [...flawsOfMessage(audited, message), ...flawsOfOther(audited, message)]
    : ['its message is gone'];
  return flaws.map((flaw) => `the inbox of ${owner}, item ${cursor}: ${flaw}`);
}

function flawsOfMessage(
  { owner, cursor, conversationEnd }: AuditedItem,
  { id, from, to, fromCursor, toCursor, isListed }: AuditedMessage,
): readonly string[] {
  if (owner !== from && owner !== to) return [`its message ${id} is from ${from} to ${to}`];
  const flaws: string[] = [];
  const [peer, place] = owner === from ? [to, fromCursor] : [from, toCursor];
  if (place !== cursor) flaws.push(`its message ${id} has place ${place} there`);
  if (!isListed) flaws.push(`its message ${id} is not found between ${from} and ${to}`);
  if (conversationEnd === null) flaws.push(`no conversation with ${peer} is kept`);
  else if (conversationEnd < cursor) {
    flaws.push(`the conversation with ${peer} ends at ${conversationEnd}`);
  }
  return flaws;
}

/** A message that has a place at the other party lies there, or was removed from the beginning of that inbox. */
function flawsOfOther({ other }: AuditedItem, { id, n }: AuditedMessage): readonly string[] {
  if (!other || other.message === n || other.cursor < other.first) return [];
  return [`its message ${id} does not lie in the inbox of ${other.owner} at ${other.cursor}`];
}
