import type { Conversation, InboxItem } from '@ringline/protocol';
import { MAX_PAGE_ITEMS, MAX_UNREAD } from '@ringline/protocol';
import type { Store } from '@ringline/server';
import type { SimulatedDevice } from './device.ts';

/** Unread counts are what counting anew gives, no receipt is ahead of the truth or behind it, and every living page was told. */
export async function flawsOfConversations(
  store: Store,
  devices: readonly SimulatedDevice[],
): Promise<readonly string[]> {
  const users = [...new Set(devices.map(({ user }) => user))];
  const owners = await Promise.all(users.map((user) => ownerOf(store, user)));
  return owners.flatMap((owner) => [
    ...owner.conversations.flatMap((conversation) => [
      ...flawsOfUnread(owner, conversation),
      ...flawsOfReceipts(owner, conversation, owners),
    ]),
    ...devices
      .filter(({ user }) => user === owner.user)
      .flatMap((device) => flawsOfTold(owner, device)),
  ]);
}

/** Everything that lies in a user's inbox. */
export async function wholeInbox(store: Store, user: string): Promise<readonly InboxItem[]> {
  const items: InboxItem[] = [];
  for (;;) {
    const page = await store.inbox(user, items.at(-1)?.cursor ?? 0, MAX_PAGE_ITEMS);
    if (page.length === 0) return items;
    items.push(...page);
  }
}

interface Owner {
  readonly user: string;
  readonly items: readonly InboxItem[];
  readonly acknowledged: number;
  /** Also those of which no item is left. */
  readonly conversations: readonly Conversation[];
}

async function ownerOf(store: Store, user: string): Promise<Owner> {
  const { acknowledged } = await store.inboxStanding(user);
  const items = await wholeInbox(store, user);
  const listed = await store.conversations({ user, limit: MAX_PAGE_ITEMS });
  const revised = await store.conversationsSince(user, 0, MAX_PAGE_ITEMS);
  const all = new Map([...listed, ...revised].map((each) => [each.peer, each]));
  return { user, items, acknowledged, conversations: [...all.values()] };
}

function flawsOfUnread({ user, items }: Owner, conversation: Conversation): readonly string[] {
  const { peer, readUpTo, unread } = conversation;
  const counted = items.filter(({ from, cursor }) => from === peer && cursor > readUpTo).length;
  if (unread === Math.min(counted, MAX_UNREAD)) return [];
  return [`${user} has ${unread} unread of ${peer}, and counted anew ${counted}`];
}

/** Of what both still have, exactly what the peer acknowledged or read is told as delivered, and what it read as read. */
function flawsOfReceipts(
  { user, items }: Owner,
  { peer, deliveredUpTo, peerReadUpTo }: Conversation,
  owners: readonly Owner[],
): readonly string[] {
  const other = owners.find((each) => each.user === peer);
  const mark = other?.conversations.find((each) => each.peer === user);
  if (!other || !mark) return [];
  return items.flatMap(({ id, from, cursor }) => {
    const theirs = other.items.find((each) => each.id === id)?.cursor;
    if (from !== user || theirs === undefined) return [];
    const truth = `${theirs <= Math.max(other.acknowledged, mark.readUpTo)} ${theirs <= mark.readUpTo}`;
    const told = `${cursor <= deliveredUpTo} ${cursor <= peerReadUpTo}`;
    return truth === told ? [] : [`${user} believes ${told} of ${id}, the truth is ${truth}`];
  });
}

/** What a page was told last of a conversation is what is so, and it was told whatever changed since it was loaded. */
function flawsOfTold({ conversations }: Owner, { name, page }: SimulatedDevice): readonly string[] {
  if (page?.revision === undefined) return [];
  const { revision: known, conversations: told } = page;
  return conversations.flatMap((truth) => {
    const belief = told.get(truth.peer);
    if (belief === undefined && truth.revision <= known) return [];
    if (belief?.revision === truth.revision && belief.unread === truth.unread) return [];
    return [
      `${name} was told ${JSON.stringify(belief)} of ${truth.peer}, it is ${JSON.stringify(truth)}`,
    ];
  });
}
