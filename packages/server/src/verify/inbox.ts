import type { AuditedUser } from '../store/audit.ts';

/** What is wrong with the places of a user's inbox, in sentences. */
export function flawsOfInbox({ user, inbox }: AuditedUser): readonly string[] {
  const { head, first, acknowledged, items } = inbox;
  const flaws: string[] = [];
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`the inbox of ${user}: ${text}`);
  };
  // At its beginning items may be gone, those that were kept long enough; nowhere else.
  if (items.count === 0) {
    claim(first === head + 1, `is empty, and not removed are those from ${first} to ${head}`);
  } else {
    const { count, first: from, last } = items;
    claim(last === head, `ends at ${last}, and its head is ${head}`);
    claim(from === first, `begins at ${from}, and those before ${first} were removed`);
    claim(last - from + 1 === count, `has ${count} items from ${from} to ${last}`);
  }
  claim(acknowledged <= head, `is acknowledged up to ${acknowledged}, beyond its head ${head}`);
  return flaws;
}
