import type { Hello, InboxState, UserId } from '@ringline/protocol';
import type { Bound } from '../registrar/registrar.ts';
import type { InboxStanding, Store } from '../store/store.ts';

/**
 * Where a device continues: behind the item that it names, or that it acknowledged last; a new device
 * with what none of the user's devices has had. One that knows an item which is not there, as after a
 * restored backup, continues where the two still agree, and is told all conversations anew.
 */
export async function startOfInbox(
  store: Pick<Store, 'inbox' | 'inboxStanding'>,
  user: UserId,
  hello: Pick<Hello, 'cursor' | 'cursorId' | 'revision'>,
  bound: Pick<Bound, 'isNew' | 'acknowledged'>,
): Promise<InboxState> {
  const inbox = await store.inboxStanding(user);
  const { head, first, revision } = inbox;
  const stood = bound.isNew ? inbox.acknowledged : bound.acknowledged;
  const cursor = hello.cursor ?? stood;
  const isOther = await isAnother(store, user, inbox, hello);
  const from = isOther ? Math.min(stood, cursor) : Math.min(head, cursor);
  const isRestored = isOther || cursor > head;
  return {
    head,
    // What lies before the first item that is left has been removed.
    from: Math.max(first - 1, from),
    revision: isRestored ? 0 : Math.min(revision, hello.revision ?? revision),
  };
}

/** Whether another item has the place of the one that the device names. */
async function isAnother(
  store: Pick<Store, 'inbox'>,
  user: UserId,
  { head, first }: InboxStanding,
  { cursor, cursorId }: Pick<Hello, 'cursor' | 'cursorId'>,
): Promise<boolean> {
  if (cursor === undefined || cursorId === undefined) return false;
  if (cursor < first || cursor > head) return false;
  const [item] = await store.inbox(user, cursor - 1, 1);
  return item !== undefined && item.id !== cursorId;
}
