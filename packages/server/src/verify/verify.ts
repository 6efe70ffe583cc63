import type { CallId, UserId } from '@ringline/protocol';
import type { AuditStore, AuditedCall, AuditedInbox, AuditedUser } from '../store/audit.ts';
import { flawsOfCall } from './calls.ts';
import { flawsOfUser } from './users.ts';

/** Calls and users read in one go: bounds the memory, whatever the size of the store. */
const PAGE = 500;
/** What has no call, or stands still, is told up to so many. */
const MAX_STRAYS = 100;

/** What was looked at, and how much of it is wrong. */
export interface Verdict {
  readonly calls: number;
  readonly open: number;
  readonly records: number;
  readonly deliveries: number;
  readonly users: number;
  readonly flaws: number;
}

/**
 * Recomputes every record from its call's log and every delivery from the records, and tells what
 * differs, one sentence each. Reads page by page; changes nothing.
 */
export async function verify(store: AuditStore, tell: (flaw: string) => void): Promise<Verdict> {
  const count = { calls: 0, open: 0, records: 0, deliveries: 0, users: 0, flaws: 0 };
  const report = (flaws: readonly string[]) => {
    count.flaws += flaws.length;
    for (const flaw of flaws) tell(flaw);
  };
  const shortened = new Map<UserId, AuditedInbox>();
  const lines = new Map<UserId, readonly CallId[]>();
  for await (const user of pages<AuditedUser>((last) => store.auditUsers(last?.user, PAGE))) {
    count.users++;
    if (isShortened(user.inbox)) shortened.set(user.user, user.inbox);
    if (user.line.length > 0) lines.set(user.user, user.line);
    report(flawsOfUser(user));
  }
  for await (const call of pages<AuditedCall>((last) => store.auditCalls(last?.n ?? 0, PAGE))) {
    count.calls++;
    count.open += call.isOpen ? 1 : 0;
    count.records += call.records.length;
    count.deliveries += call.messages.length;
    report(flawsOfCall(call, { shortened, lines }));
  }
  for (const [user, calls] of lines) {
    report(calls.map((call) => `the line of ${user} names ${call}, which is not open`));
  }
  const strays = await store.strayRecords(MAX_STRAYS);
  report(strays.map((call) => `${call}: has a record and no call`));
  const stuck = await store.stuckDeliveries(MAX_STRAYS);
  report(stuck.map((n) => `delivery ${n} of a webhook waits behind nothing`));
  return count;
}

/** Whether its beginning is gone. */
function isShortened({ count, first, head }: AuditedInbox): boolean {
  return count === 0 ? head > 0 : first > 1;
}

/** Everything that is read page by page, each page after the last item of the one before. */
async function* pages<Item>(
  read: (last: Item | undefined) => Promise<readonly Item[]>,
): AsyncGenerator<Item> {
  let last: Item | undefined;
  for (;;) {
    const page = await read(last);
    yield* page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}
