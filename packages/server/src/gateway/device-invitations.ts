import type { Invitation } from '@ringline/call';
import { invitationViewOf } from '@ringline/call';
import type { InvitationId, InvitationView, RtmStanding, UserId } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import { missedInvitations } from '../rtm/missed-invitations.ts';
import type { Store } from '../store/store.ts';
import type { DeviceSocket } from './device-socket.ts';

/** Bare invitations as one page is told of them: each view once, and none that is older than another. */
export class DeviceInvitations {
  readonly #clock: Clock;
  readonly #connection: DeviceSocket;
  readonly #store: Store;
  readonly #user: UserId;
  /** Those that were told and are open. */
  readonly #told = new Map<InvitationId, number>();

  constructor(parts: { clock: Clock; connection: DeviceSocket; store: Store; user: UserId }) {
    this.#clock = parts.clock;
    this.#connection = parts.connection;
    this.#store = parts.store;
    this.#user = parts.user;
  }

  /** What was committed of one. */
  hear(invitation: Invitation): void {
    const view = invitationViewOf(invitation, this.#user, this.#clock.now());
    if (view) this.#tell(view);
  }

  /** Finds what the page misses of those that it holds and of those that it does not; `tell` sends it. */
  async missed({ invitations }: RtmStanding): Promise<{
    readonly gone: readonly InvitationId[];
    readonly tell: () => void;
  }> {
    const now = this.#clock.now();
    const { views, gone } = await missedInvitations(invitations, this.#user, now, this.#store);
    return { gone, tell: () => views.forEach((view) => this.#tell(view)) };
  }

  #tell(invitation: InvitationView): void {
    const { id, version, remainingMs } = invitation;
    if (version <= (this.#told.get(id) ?? 0)) return;
    if (remainingMs === 0) this.#told.delete(id);
    else this.#told.set(id, version);
    this.#connection.send({ type: 'rtm-invitation', at: this.#clock.now(), invitation });
  }
}
