import type { Message } from '@ringline/client';
import { END_REASONS, EVENT_TYPES } from '@ringline/protocol';
import type { Device } from './device.ts';
import type { Ledger, Written } from './ledger.ts';
import { DEEDS } from './ledger.ts';
import type { Receiver } from './receiver.ts';

/** What people know that they did, and where it has come to. */
export interface Found {
  readonly ledger: Ledger;
  readonly devices: readonly Handed[];
  readonly receiver: Received;
  readonly stored: Stored;
  /** Of few calls not all kinds come to pass. */
  readonly mayMissKinds?: boolean;
}

/** What a device was handed. */
type Handed = Pick<Device, 'user' | 'messages' | 'sentAway'>;
/** What came to the receiver. */
type Received = Pick<
  Receiver,
  'records' | 'messages' | 'copied' | 'invitations' | 'invitationsOver' | 'types' | 'flaws'
>;

/** What the store has: one entry for each row. */
export interface Stored {
  readonly records: readonly StoredRecord[];
  readonly messages: readonly (Written & { readonly id: string })[];
}

interface StoredRecord {
  readonly call: string;
  readonly caller: string;
  readonly callee: string;
  readonly reason: string;
}

/** How many records, messages and bare invitations are missing somewhere, and how many are there twice, with what is to be read of it. */
export interface Tally {
  readonly records: number;
  readonly messages: number;
  readonly invitations: number;
  /** Calls whose making came to an error, and that were made nevertheless. */
  readonly doubtful: number;
  readonly lost: number;
  readonly doubled: number;
  /** How often each play came to what it is about, and how calls ended. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly flaws: readonly string[];
}

/** So many examples of what is wrong somewhere are told. */
const EXAMPLES = 3;

/** Compares what was made with the store, with what each device was handed, and with the receiver. */
export function tally({ ledger, devices, receiver, stored, mayMissKinds }: Found): Tally {
  const count = new Count();
  const calls = dueCalls(ledger, stored);
  const messages = dueMessages(ledger, stored);
  const due = { calls: [...calls.keys()], messages: [...messages.keys()] };
  const rows = {
    calls: stored.records.map(({ call }) => call),
    messages: stored.messages.map(({ id }) => id),
    texts: stored.messages.map(({ text }) => text),
  };
  count.compare('the store', due.calls, rows.calls);
  count.compare('the store of messages', due.messages, rows.messages);
  count.compare('the store of texts', [...new Set(textsOf(messages))], rows.texts);
  count.compare('the receiver', due.calls, receiver.records);
  count.compare('the receiver of messages', due.messages, receiver.messages);
  count.compare('the copy-out', [...due.calls, ...due.messages], receiver.copied);
  const invitations = dueInvitations(ledger, receiver);
  count.compare('the receiver of invitations', invitations, receiver.invitations);
  count.compare('the receiver of their ends', invitations, receiver.invitationsOver);
  for (const device of devices) compareInbox(device, calls, messages, count);
  compareOrders(devices, count);
  const kinds = kindsOf(ledger, receiver, stored);
  for (const [kind, times] of Object.entries(kinds)) {
    if (times === 0 && !mayMissKinds)
      count.flaws.push(`not of all kinds: ${kind} did not come to pass`);
  }
  return {
    records: stored.records.length,
    messages: stored.messages.length,
    invitations: invitations.length,
    doubtful: calls.size - ledger.calls.size,
    lost: count.lost.size,
    doubled: count.doubled.size,
    kinds,
    flaws: [...receiver.flaws, ...ledger.unended, ...count.flaws],
  };
}

/** What is missing and what is twice, by ids of calls, messages and invitations. */
class Count {
  readonly lost = new Set<string>();
  readonly doubled = new Set<string>();
  readonly flaws: string[] = [];

  /** Each id that is due has to be there exactly once, and nothing else. */
  compare(where: string, due: readonly string[], found: readonly string[]): void {
    const [known, there] = [new Set(due), new Set<string>()];
    const twice = found.filter((id) => there.size === there.add(id).size);
    const missing = due.filter((id) => !there.has(id));
    const strange = [...there].filter((id) => !known.has(id));
    for (const id of missing) this.lost.add(id);
    for (const id of twice) this.doubled.add(id);
    this.#tell(missing, (ids) => `${where} lacks ${ids}`);
    this.#tell(strange, (ids) => `${where} has ${ids}, of which nobody knows`);
    this.#tell(twice, (ids) => `${where} has ${ids} twice`);
  }

  #tell(ids: readonly string[], sentence: (ids: string) => string): void {
    if (ids.length === 0) return;
    const examples = ids.slice(0, EXAMPLES).join(', ');
    this.flaws.push(
      sentence(`${examples}${ids.length > EXAMPLES ? ` and ${ids.length - EXAMPLES} more` : ''}`),
    );
  }
}

/** The calls there have to be: those that callers know of, and of the doubtful ones those that the server has. */
function dueCalls({ calls, unsureCalls }: Ledger, { records }: Stored) {
  const due = new Map(calls);
  const unsure = unsureCalls.map((users) => users.join(' '));
  for (const { call, caller, callee } of records) {
    const place = unsure.indexOf(`${caller} ${callee}`);
    if (due.has(call) || place === -1) continue;
    unsure.splice(place, 1);
    due.set(call, [caller, callee]);
  }
  return due;
}

/** The messages there have to be, likewise. */
function dueMessages({ messages, unsureTexts }: Ledger, { messages: stored }: Stored) {
  const due = new Map(messages);
  for (const { id, ...written } of stored) if (unsureTexts.has(written.text)) due.set(id, written);
  return due;
}

/** The bare invitations there have to be: the store forgets them, so of the doubtful ones those that were told. */
function dueInvitations(
  { invitations, unsureInvitations }: Ledger,
  { invitations: sent, invitationsOver: over }: Received,
): readonly string[] {
  return [...new Set([...invitations, ...sent, ...over])].filter(
    (id) => invitations.has(id) || unsureInvitations.has(id),
  );
}

function textsOf(messages: ReadonlyMap<string, Written>): string[] {
  return [...messages.values()].map(({ text }) => text);
}

function compareInbox(
  { user, messages: handed, sentAway }: Handed,
  calls: ReadonlyMap<string, readonly [string, string]>,
  messages: ReadonlyMap<string, Written>,
  count: Count,
): void {
  const ownCalls = [...calls].filter(([, users]) => users.includes(user)).map(([id]) => id);
  const own = [...messages].filter(([, { from, to }]) => from === user || to === user);
  const due = [...ownCalls, ...own.map(([id]) => id)];
  count.compare(`the app of ${user}`, due, handed.map(nameOf));
  for (const why of sentAway) count.flaws.push(`a device of ${user} was sent away: ${why}`);
  const isInOrder = handed.every(
    ({ cursor }, i) => i === 0 || cursor > (handed[i - 1]?.cursor ?? 0),
  );
  if (!isInOrder) count.flaws.push(`the app of ${user} had its inbox out of order`);
  const isAltered = handed.some(
    (message) => message.kind === 'text' && message.text !== messages.get(message.id)?.text,
  );
  if (isAltered) count.flaws.push(`the app of ${user} had another text than was sent`);
}

/** All devices of a user have the same in the same places. */
function compareOrders(devices: readonly Handed[], { flaws }: Count): void {
  const orders = new Map<string, string>();
  for (const { user, messages } of devices) {
    const order = messages.map((message) => `${message.cursor} ${nameOf(message)}`).join();
    if ((orders.get(user) ?? order) !== order) flaws.push(`devices of ${user} differ in order`);
    orders.set(user, order);
  }
}

/** The call of a record, the id of a message. */
function nameOf(message: Message): string {
  return message.kind === 'record' ? message.record.call : message.id;
}

function kindsOf({ deeds }: Ledger, { types }: Received, { records }: Stored) {
  const ended = (reason: string) => records.filter((record) => record.reason === reason).length;
  return Object.fromEntries([
    ...DEEDS.map((deed) => [deed, deeds.get(deed) ?? 0] as const),
    ...END_REASONS.map((reason) => [`ended ${reason}`, ended(reason)] as const),
    ...EVENT_TYPES.map((type) => [`event ${type}`, types.get(type) ?? 0] as const),
  ]);
}
