import { invitationViewOf } from '@ringline/call';
import type { InvitationId, InvitationVersion, InvitationView, UserId } from '@ringline/protocol';
import { MAX_OPEN_INVITATIONS } from '@ringline/protocol';
import type { Store } from '../store/store.ts';

/** What a page that speaks RTM has missed of bare invitations. */
export interface MissedInvitations {
  /** Newer views of those that it holds, and views of open ones that it does not. */
  readonly views: readonly InvitationView[];
  /** Those that it holds in vain: they are not kept any more, or it never had a part in them. */
  readonly gone: readonly InvitationId[];
}

/** Compares what a page holds with what is; throws StoreFault when the store is away. */
export async function missedInvitations(
  held: readonly InvitationVersion[],
  user: UserId,
  now: number,
  store: Pick<Store, 'invitations' | 'openInvitations'>,
): Promise<MissedInvitations> {
  const versions = new Map(held.map(({ id, version }) => [id, version]));
  const open = await store.openInvitations(user, MAX_OPEN_INVITATIONS);
  const unseen = new Set(versions.keys());
  for (const { id } of open) unseen.delete(id);
  const over = unseen.size === 0 ? [] : await store.invitations([...unseen]);
  const views = [...open, ...over].flatMap((each) => invitationViewOf(each, user, now) ?? []);
  const known = new Set(views.map(({ id }) => id));
  return {
    views: views.filter(({ id, version }) => version > (versions.get(id) ?? 0)),
    gone: [...versions.keys()].filter((id) => !known.has(id)),
  };
}
