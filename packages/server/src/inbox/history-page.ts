import type { History, HistoryPage, InboxItem, UserId } from '@ringline/protocol';
import { MAX_PAGE_BYTES } from '@ringline/protocol';
import type { Store } from '../store/store.ts';

const NEWEST = Number.MAX_SAFE_INTEGER;

/** The page of history that a user asks for, bounded in items and in bytes. */
export async function historyPage(
  store: Store,
  user: UserId,
  { peer, before = NEWEST, limit }: Pick<History, 'peer' | 'before' | 'limit'>,
): Promise<Pick<HistoryPage, 'items' | 'more'>> {
  // One more than asked for tells whether older ones exist.
  const found = await store.history(user, peer, before, limit + 1);
  const items = withinBytes(found.slice(0, limit), MAX_PAGE_BYTES);
  return { items, more: found.length > items.length };
}

/** The first items that together are no larger than this; one at least. */
function withinBytes(items: readonly InboxItem[], limit: number): readonly InboxItem[] {
  let bytes = 0;
  const end = items.findIndex((item, i) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return i > 0 && bytes > limit;
  });
  return end === -1 ? items : items.slice(0, end);
}
