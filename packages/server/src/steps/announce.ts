import type { Call } from '@ringline/call';
import type { Bus } from '../cluster/bus.ts';
import type { StoredInboxItem } from '../store/store.ts';

/** Tells whom it concerns what has been committed. */
export type Announce = (calls: readonly Call[], inbox: readonly StoredInboxItem[]) => void;

/** Announces over the bus: whole calls to both their users, items to the owner of the inbox. */
export function announceOver(bus: Bus): Announce {
  return (calls, inbox) => {
    for (const call of calls) {
      bus.publish({ kind: 'call', to: call.caller.user, call });
      bus.publish({ kind: 'call', to: call.callee.user, call });
    }
    for (const { owner, item } of inbox) bus.publish({ kind: 'inbox', to: owner, item });
  };
}
