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

/** Waits until these users have had so many calls, and asserts one equal record of each in both inboxes and histories. */
export async function expectRecords(
  rest: Rest,
  users: readonly string[],
  calls: number,
): Promise<void> {
  await eventually(async () => (await copiesOf(rest, users)).size).toBe(calls);
  for (const [call, copies] of await copiesOf(rest, users)) {
    const [first] = copies;
    // Two inboxes and two histories.
    expect(copies, `copies of the record of call ${call}`).toHaveLength(4);
    for (const copy of copies) expect(copy).toEqual(first);
  }
}
