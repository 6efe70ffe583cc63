import type { AuditedUser } from '../store/audit.ts';

/** What is wrong with a user's inbox, in sentences. */
export function flawsOfUser({ user, inbox }: AuditedUser): readonly string[] {
  const { head, acknowledged, count, first, last } = inbox;
  const flaws: string[] = [];
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`the inbox of ${user}: ${text}`);
  };
  // At its beginning items may be gone, those that were kept long enough; nowhere else.
  claim(count === 0 || last === head, `ends at ${last}, and its head is ${head}`);
  claim(count === 0 || last - first + 1 === count, `has ${count} items from ${first} to ${last}`);
  claim(acknowledged <= head, `is acknowledged up to ${acknowledged}, beyond its head ${head}`);
  return flaws;
}
