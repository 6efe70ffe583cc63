import type { CallRecord } from '@ringline/protocol';
import { expect } from 'vitest';
import { eventually } from './device.ts';
import type { Rest } from './rest.ts';

/** What the two inboxes and the two histories of a call must agree on. */
async function copiesOf(rest: Rest, users: readonly string[]): Promise<Map<string, CallRecord[]>> {
  const copies = new Map<string, CallRecord[]>();
  for (const user of users) {
    const [inbox, stored] = await Promise.all([rest.inboxRecords(user), rest.records(user)]);
    for (const record of [...inbox, ...stored]) {
      copies.set(record.call, [...(copies.get(record.call) ?? []), record]);
    }
  }
  return copies;
}

/** Two inboxes and two histories. */
const COPIES = 4;

/** Waits until these users have had so many calls, and asserts one equal record of each in both inboxes and histories. */
export async function expectRecords(
  rest: Rest,
  users: readonly string[],
  calls: number,
): Promise<void> {
  let found = new Map<string, CallRecord[]>();
  // One place is asked after the other: a record may come between.
  await eventually(async () => {
    found = await copiesOf(rest, users);
    return [...found.values()].map(({ length }) => length);
  }).toEqual(Array.from({ length: calls }, () => COPIES));
  for (const [call, copies] of found) {
    const [first] = copies;
    for (const copy of copies) expect(copy, `a record of call ${call}`).toEqual(first);
  }
}
