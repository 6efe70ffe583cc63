import type { Invitation } from '@ringline/call';
import type { InvitationId, InvitationVersion, UserId } from '@ringline/protocol';
import { MAX_OPEN_INVITATIONS } from '@ringline/protocol';
import type { Store } from '../store/store.ts';

/** What a page that speaks RTM has missed of bare invitations: its views of them are made when they are sent, for they count down. */
export interface MissedInvitations {
  /** Those of which it holds an older view, and open ones that it does not hold. */
  readonly news: readonly Invitation[];
  /** Those that it holds in vain: they are not kept any more, or it never had a part in them. */
  readonly gone: readonly InvitationId[];
}

/** Compares what a page holds with what is; throws StoreFault when the store is away. */
export async function missedInvitations(
  held: readonly InvitationVersion[],
  user: UserId,
  store: Pick<Store, 'invitations' | 'openInvitations'>,
): Promise<MissedInvitations> {
  const versions = new Map(held.map(({ id, version }) => [id, version]));
  const open = await store.openInvitations(user, MAX_OPEN_INVITATIONS);
  const unseen = new Set(versions.keys());
  for (const { id } of open) unseen.delete(id);
  const over = unseen.size === 0 ? [] : await store.invitations([...unseen]);
  const own = [...open, ...over].filter(({ caller, callee }) => [caller, callee].includes(user));
  const known = new Set(own.map(({ id }) => id));
  return {
    news: own.filter(({ id, version }) => version > (versions.get(id) ?? 0)),
    gone: [...versions.keys()].filter((id) => !known.has(id)),
  };
}
