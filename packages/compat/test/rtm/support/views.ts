import type { InvitationView } from '@ringline/protocol';

/** Bob invites alice. */
export const REMOTE = 'invitation-of-bob-to-alice';

/** A view of alice's side of an invitation that bob has sent; without more, it has just come. */
export function invited(more: Partial<InvitationView> = {}): InvitationView {
  return {
    id: REMOTE,
    version: 1,
    side: 'callee',
    peer: 'bob',
    content: 'coffee?',
    channel: 'room 1',
    response: '',
    state: 'sent',
    remainingMs: 60_000,
    ...more,
  };
}

/** A view of alice's side of an invitation of her own. */
export function inviting(id: string, more: Partial<InvitationView> = {}): InvitationView {
  return { ...invited({ id, side: 'caller' }), ...more };
}
