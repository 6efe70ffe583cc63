import type { Call } from '@ringline/call';
import type { CallId, UserId } from '@ringline/protocol';
import type { AuditedCall, AuditedUser } from '../store/audit.ts';

/** The lines of both users name an open call. */
export async function flawsOfOpenCall(
  { id, isOpen }: AuditedCall,
  { caller, callee }: Call,
  lineOf: (user: UserId) => Promise<readonly CallId[]>,
): Promise<readonly string[]> {
  if (!isOpen) return [];
  const flaws: string[] = [];
  for (const { user } of [caller, callee]) {
    const line = await lineOf(user);
    if (!line.includes(id)) flaws.push(`is open, and the line of ${user} does not name it`);
  }
  return flaws;
}

/** A line names open calls of its user, and each once. */
export function flawsOfLine({ user, line }: AuditedUser): readonly string[] {
  return line.flatMap(({ call, parties }, i) => {
    const isTwice = line.findIndex((each) => each.call === call) < i;
    if (isTwice) return [`the line of ${user} names ${call} twice`];
    if (parties.length === 0) return [`the line of ${user} names ${call}, which is not open`];
    if (parties.includes(user)) return [];
    return [`the line of ${user} names ${call}, which is of ${parties.join(' and ')}`];
  });
}
