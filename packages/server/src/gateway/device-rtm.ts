import type { Invitation } from '@ringline/call';
import { invitationViewOf } from '@ringline/call';
import type { InvitationId, InvitationView, RtmStanding, UserId } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { RtmDelivery } from '../cluster/bus.ts';
import { missedInvitations } from '../rtm/missed-invitations.ts';
import type { PeerMessages } from '../rtm/peer-messages.ts';
import type { Store } from '../store/store.ts';
import type { DeviceSocket } from './device-socket.ts';
import type { Services } from './services.ts';

/** What of RTM reaches one page; of bare invitations each view once, and none that is older than another. */
export class DeviceRtm {
  readonly #clock: Clock;
  readonly #connection: DeviceSocket;
  readonly #messages: PeerMessages;
  readonly #store: Store;
  readonly #user: UserId;
  /** Those that were told and are open. */
  readonly #told = new Map<InvitationId, number>();

  constructor({ clock, rtm, store }: Services, connection: DeviceSocket, user: UserId) {
    this.#clock = clock;
    this.#connection = connection;
    this.#messages = rtm.messages;
    this.#store = store;
    this.#user = user;
  }

  /** What the bus brings for this user; with an expired token its page is told nothing new. */
  hear(delivery: RtmDelivery, isExpired: boolean): void {
    switch (delivery.kind) {
      case 'invitation':
        return isExpired ? undefined : this.#hearOf(delivery.invitation);
      case 'rtm-message':
        return isExpired ? undefined : this.#connection.send(delivery.message);
      case 'rtm-heard':
        return this.#messages.heard(delivery.by, delivery.message);
      case 'sole-login':
        return this.#giveUpLogin(delivery.connection);
    }
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

  #hearOf(invitation: Invitation): void {
    const view = invitationViewOf(invitation, this.#user, this.#clock.now());
    if (view) this.#tell(view);
  }

  #giveUpLogin(connection: string): void {
    if (connection !== this.#connection.name) this.#connection.close('replaced');
  }

  #tell(invitation: InvitationView): void {
    const { id, version, remainingMs } = invitation;
    if (version <= (this.#told.get(id) ?? 0)) return;
    if (remainingMs === 0) this.#told.delete(id);
    else this.#told.set(id, version);
    this.#connection.send({ type: 'rtm-invitation', at: this.#clock.now(), invitation });
  }
}
