import type {
  Audit,
  AuditStore,
  AuditedCall,
  AuditedConversation,
  AuditedInvitation,
  AuditedItem,
  AuditedMessageEvent,
  AuditedRecord,
  AuditedUser,
  ConversationItem,
} from '../store/audit.ts';
import { NOTHING_FORGOTTEN } from '../store/past-calls.ts';
import type { Forgotten } from '../store/past-calls.ts';
import { flawsOfCallEvents } from './call-events.ts';
import { flawsOfConversation } from './conversations.ts';
import { flawsOfInbox } from './inbox.ts';
import { flawsOfKeptInvitation } from './invitations.ts';
import { flawsOfItem } from './items.ts';
import { flawsOfLine, flawsOfOpenCall } from './lines.ts';
import { flawsOfLog } from './log.ts';
import { flawsOfMessageEvent } from './message-events.ts';
import { flawsOfMissed } from './missed.ts';
import { PAGE, pages } from './pages.ts';
import { flawsOfRecordMessages } from './record-messages.ts';
import { flawsOfRecord } from './record.ts';
import { flawsOfStrays } from './strays.ts';

/** What has nothing to which it belongs is told up to so many of each kind: what is wrong with a million is seen by a hundred. */
export const MAX_STRAYS = 100;

/** What was looked at, and how much of it is wrong. */
export interface Verdict {
  readonly calls: number;
  readonly open: number;
  readonly records: number;
  readonly deliveries: number;
  readonly users: number;
  readonly items: number;
  readonly conversations: number;
  readonly flaws: number;
}

/**
 * Recomputes every record from its call's log, and every delivery, event, count and mark from what it
 * follows from, and tells what differs, one sentence each. Reads page by page; changes nothing.
 */
export async function verify(store: AuditStore, tell: (flaw: string) => void): Promise<Verdict> {
  const audit = await store.audit();
  try {
    return await new Verification(audit, tell).run();
  } finally {
    await audit.close();
  }
}

/** One look at everything: each kind is read once from its beginning to its end. */
class Verification {
  readonly #audit: Audit;
  readonly #tell: (flaw: string) => void;
  #forgotten = NOTHING_FORGOTTEN;
  readonly #count = {
    calls: 0,
    open: 0,
    records: 0,
    deliveries: 0,
    users: 0,
    items: 0,
    conversations: 0,
    flaws: 0,
  };

  constructor(audit: Audit, tell: (flaw: string) => void) {
    this.#audit = audit;
    this.#tell = tell;
  }

  async run(): Promise<Verdict> {
    const audit = this.#audit;
    this.#forgotten = await audit.forgotten();
    await this.#users();
    await this.#calls();
    for await (const item of pages<AuditedItem>((last) => audit.items(last, PAGE))) {
      this.#count.items++;
      this.#report(flawsOfItem(item));
    }
    await this.#conversations();
    for await (const event of pages<AuditedMessageEvent>((last) =>
      audit.messageEvents(last?.n ?? 0, PAGE),
    )) {
      this.#report(flawsOfMessageEvent(event));
    }
    for await (const invitation of pages<AuditedInvitation>((last) =>
      audit.invitations(last?.n ?? 0, PAGE),
    )) {
      this.#report(flawsOfKeptInvitation(invitation));
    }
    this.#report(flawsOfStrays(await audit.strays(MAX_STRAYS)));
    return this.#count;
  }

  #report(flaws: readonly string[]): void {
    this.#count.flaws += flaws.length;
    for (const flaw of flaws) this.#tell(flaw);
  }

  async #users(): Promise<void> {
    for await (const user of pages<AuditedUser>((last) => this.#audit.users(last?.user, PAGE))) {
      this.#count.users++;
      this.#report([...flawsOfLine(user), ...flawsOfInbox(user)]);
      this.#report(await flawsOfMissed(user, this.#forgotten, this.#unseenBy(user)));
    }
  }

  #unseenBy({ user, seen }: AuditedUser) {
    const from = seen?.position ?? 0;
    return pages<AuditedRecord>((last) =>
      this.#audit.recordsTo(user, last?.position ?? from, PAGE),
    );
  }

  async #calls(): Promise<void> {
    for await (const call of pages<AuditedCall>((last) => this.#audit.calls(last?.n ?? 0, PAGE))) {
      this.#count.calls++;
      this.#count.open += call.isOpen ? 1 : 0;
      this.#count.records += call.records.length;
      this.#count.deliveries += call.messages.length;
      const flaws = await this.#flawsOfCall(call);
      this.#report(flaws.map((flaw) => `${call.id}: ${flaw}`));
    }
  }

  async #flawsOfCall(call: AuditedCall): Promise<readonly string[]> {
    const last = call.log.at(-1)?.after;
    if (!last) return ['has no log'];
    const standingOf = (user: string) => this.#audit.standing(user);
    const isShort = isShortened(call, this.#forgotten);
    return [
      ...flawsOfLog(call, last, isShort),
      ...(await flawsOfOpenCall(call, last, async (user) => (await standingOf(user)).line)),
      ...flawsOfRecord(call, isShort, this.#forgotten),
      ...(await flawsOfRecordMessages(call, last, this.#forgotten, standingOf)),
      ...flawsOfCallEvents(call, isShort),
    ];
  }

  async #conversations(): Promise<void> {
    const audit = this.#audit;
    for await (const each of pages<AuditedConversation>((last) =>
      audit.conversations(last, PAGE),
    )) {
      this.#count.conversations++;
      const items = pages<ConversationItem>((last) => audit.itemsOf(each, last?.n ?? 0, PAGE));
      this.#report(await flawsOfConversation(each, items));
    }
  }
}

/** Whether the log of a call is as short as it may be, by the place of its record. */
function isShortened({ records }: AuditedCall, { logsTo }: Forgotten): boolean {
  const [kept] = records;
  return kept !== undefined && kept.position <= logsTo;
}
