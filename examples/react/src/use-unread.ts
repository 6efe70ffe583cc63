import type { RinglineClient } from '@ringline/client';
import { Session } from '@ringline/elements';
import { useCallback, useSyncExternalStore } from 'react';

/** How many messages the user has not read, as it changes. */
export function useUnread(client: RinglineClient): number {
  const { conversations } = Session.of(client);
  const watch = useCallback((changed: () => void) => conversations.watch(changed), [conversations]);
  return useSyncExternalStore(watch, () => conversations.unread);
}
