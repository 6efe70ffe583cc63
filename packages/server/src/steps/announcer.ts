import type { Actor, Call, Invitation } from '@ringline/call';
import { isMissed } from '@ringline/protocol';
import type { UserId } from '@ringline/protocol';
import type { Bus } from '../cluster/bus.ts';
import { channelsMoved } from '../store/rtm.ts';
import type { Login } from '../store/rtm.ts';
import type { Step, StoredInboxItem } from '../store/store.ts';

/** Tells whom it concerns what has been committed. */
export class Announcer {
  readonly #bus: Bus;
  #watch: (call: Call) => void = () => {};
  #watchLogin: (by: Actor, endsAt: number | null) => void = () => {};
  #watchInvitation: (invitation: Invitation) => void = () => {};

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Who on this node looks at every call that it has committed. */
  onCall(watch: (call: Call) => void): void {
    this.#watch = watch;
  }

  /** Who on this node looks at every bare invitation that it has committed. */
  onInvitation(watch: (invitation: Invitation) => void): void {
    this.#watchInvitation = watch;
  }

  /** Who on this node looks at every end of a login that it has committed. */
  onLogin(watch: (by: Actor, endsAt: number | null) => void): void {
    this.#watchLogin = watch;
  }

  /** Whole calls to both their users, items to the owner of the inbox. */
  announce(calls: readonly Call[], inbox: readonly StoredInboxItem[]): void {
    for (const call of calls) {
      this.#watch(call);
      this.#bus.publish({ kind: 'call', to: call.caller.user, call });
      this.#bus.publish({ kind: 'call', to: call.callee.user, call });
    }
    for (const { owner, item } of inbox) this.#bus.publish({ kind: 'inbox', to: owner, item });
  }

  /** That these users have missed more calls than before, or fewer that they have not seen. */
  announceMissed({ records, seen }: Pick<Step, 'records' | 'seen'>): void {
    for (const { callee } of records.filter(isMissed)) this.#tellMissed(callee);
    for (const { user } of seen) this.#tellMissed(user);
  }

  #tellMissed(to: UserId): void {
    this.#bus.publish({ kind: 'missed', to });
  }

  /** Logins that are to end, and to channels that somebody came or went. */
  announceLogins(devices: Step['devices'], before: Login | null | undefined): void {
    for (const { user, device, login } of devices) {
      if (login !== before) this.#watchLogin({ user, device }, login?.endsAt ?? null);
      const { joined, left } = channelsMoved(before, login);
      for (const channel of [...joined, ...left]) {
        this.#bus.publishToChannel(channel, { kind: 'members-moved' });
      }
    }
  }

  /** Whole invitations to both their users, in the order that RTM has: who acted last hears of it last. */
  announceInvitations(invitations: readonly Invitation[]): void {
    for (const invitation of invitations) {
      this.#watchInvitation(invitation);
      for (const to of inOrder(invitation)) {
        this.#bus.publish({ kind: 'invitation', to, invitation });
      }
    }
  }

  /** That of something committed nobody may have been told. */
  announceGap(): void {
    this.#bus.publishGap();
  }

  /** That conversations of these users changed. */
  announceRevised(users: readonly UserId[]): void {
    for (const user of users) this.#bus.publish({ kind: 'conversations', to: user });
  }
}

function inOrder({ state, caller, callee }: Invitation): readonly [UserId, UserId] {
  switch (state) {
    case 'received':
    case 'accepting':
    case 'accepted':
      return [caller, callee];
    case 'sent':
    case 'refused':
    case 'cancelled':
    case 'failed':
      return [callee, caller];
  }
}
