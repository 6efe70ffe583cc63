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

/** No receipt is ahead of the truth, at any time: what the store and pages say first is true of what is read after it. */
export async function receiptsAhead(
  store: Store,
  devices: readonly SimulatedDevice[],
): Promise<readonly string[]> {
  const users = [...new Set(devices.map(({ user }) => user))];
  const said = await Promise.all(
    users.map(async (user) => ({
      user,
      conversations: [
        ...devices.flatMap((each) => (each.user === user ? toldTo(each) : [])),
        ...(await store.conversations({ user, limit: MAX_PAGE_ITEMS })),
      ],
    })),
  );
  const owners = await Promise.all(users.map((user) => ownerOf(store, user)));
  return said.flatMap(({ user, conversations }) => {
    const items = owners.find((owner) => owner.user === user)?.items ?? [];
    return conversations.flatMap((conversation) =>
      receiptsOf({ user, items }, conversation, owners)
        .filter(({ isDelivered, isRead, told }) => {
          return (told.isDelivered && !isDelivered) || (told.isRead && !isRead);
        })
        .map(({ id }) => `${user} believes too early that ${id} was delivered or read`),
    );
  });
}

function toldTo({ page }: SimulatedDevice): readonly Conversation[] {
  return [...(page?.conversations.values() ?? [])];
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
  const items = await wholeInbox(store, user);
  const { acknowledged } = await store.inboxStanding(user);
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
  owner: Owner,
  conversation: Conversation,
  owners: readonly Owner[],
): readonly string[] {
  return receiptsOf(owner, conversation, owners)
    .filter(({ isDelivered, isRead, told }) => {
      return told.isDelivered !== isDelivered || told.isRead !== isRead;
    })
    .map((receipt) => `${owner.user} believes otherwise than it is: ${JSON.stringify(receipt)}`);
}

/** What became of each message that the user sent to the peer, and what the user is told of it. */
function receiptsOf(
  { user, items }: Pick<Owner, 'user' | 'items'>,
  { peer, deliveredUpTo, peerReadUpTo }: Conversation,
  owners: readonly Owner[],
) {
  const other = owners.find((each) => each.user === peer);
  const readUpTo = other?.conversations.find((each) => each.peer === user)?.readUpTo ?? 0;
  if (!other) return [];
  return items.flatMap(({ id, from, cursor }) => {
    const theirs = other.items.find((each) => each.id === id)?.cursor;
    if (from !== user || theirs === undefined) return [];
    const told = { isDelivered: cursor <= deliveredUpTo, isRead: cursor <= peerReadUpTo };
    const isRead = theirs <= readUpTo;
    return { id, told, isDelivered: isRead || theirs <= other.acknowledged, isRead };
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
