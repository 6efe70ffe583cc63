import type { InboxItem } from '@ringline/protocol';
import { messageOf } from '../messages/message.ts';
import type { ListedInbox } from './lists.ts';
import type { Rest } from './rest.ts';

/** The inbox as the REST API gives it, with messages as the app knows them. */
export function listedInbox(rest: Rest): ListedInbox {
  return {
    list: async (query) => {
      const { items, head } = await rest.get<{ items: InboxItem[]; head: number }>('inbox', {
        ...query,
      });
      return { items: items.map(messageOf), head };
    },
  };
}
