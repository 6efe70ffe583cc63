import { invitationDeadlineOf } from '@ringline/call';
import type { Actor, Invitation } from '@ringline/call';
import type { InvitationId, UserId } from '@ringline/protocol';
import type { DueClaim } from '../leases.ts';
import { MAX_KEPT_INVITATIONS, channelsMoved } from '../rtm.ts';
import type { Between, KnownLogin, Login } from '../rtm.ts';
import type { MemoryChannels } from './channels.ts';
import { compareIds } from '../compare-ids.ts';
import { Claims } from './claims.ts';
import { freeze } from './freeze.ts';

interface DeviceLogin extends Actor, Login {}

/** Bare invitations, and the devices that speak RTM. */
export class MemoryRtm {
  readonly #invitations = new Map<InvitationId, Invitation>();
  readonly #logins = new Map<string, DeviceLogin>();
  readonly #claims = new Claims();
  readonly #channels: MemoryChannels;

  constructor(channels: MemoryChannels) {
    this.#channels = channels;
  }

  invitation(id: InvitationId): Invitation | undefined {
    return this.#invitations.get(id);
  }

  /** In the order in which they came to be. */
  get all(): readonly Invitation[] {
    return [...this.#invitations.values()];
  }

  openInvitations(user: UserId, limit: number): readonly Invitation[] {
    const open = this.#open();
    const newest = new Set([
      ...open.filter(({ caller }) => caller === user).slice(-limit),
      ...open.filter(({ callee }) => callee === user).slice(-limit),
    ]);
    return open.filter((each) => newest.has(each));
  }

  countOpen({ caller, callee }: Between): number {
    return this.#open().filter(
      (each) => each.caller === (caller ?? each.caller) && each.callee === (callee ?? each.callee),
    ).length;
  }

  claimDue(claim: DueClaim): readonly InvitationId[] {
    const due = this.#open()
      .filter((each) => deadlineOf(each) <= claim.before)
      .toSorted((a, b) => deadlineOf(a) - deadlineOf(b));
    return this.#claims.take(due, ({ id }) => id, claim).map(({ id }) => id);
  }

  forget(before: number, limit: number): number {
    const forgotten = [...this.#invitations.values()]
      .filter((each) => invitationDeadlineOf(each) === null && each.changedAt < before)
      .toSorted((a, b) => a.changedAt - b.changedAt)
      .slice(0, limit);
    for (const { id } of forgotten) this.#invitations.delete(id);
    return forgotten.length;
  }

  write(invitation: Invitation): void {
    this.#invitations.set(invitation.id, freeze(invitation));
    this.#claims.end(invitation.id);
    if (invitationDeadlineOf(invitation) === null) this.#forgetExcess(invitation.caller);
  }

  logins(user: UserId): readonly KnownLogin[] {
    return [...this.#logins.values()]
      .filter((login) => login.user === user)
      .toSorted((a, b) => compareIds(a.device, b.device))
      .map(({ device, endsAt }) => ({ user, device, endsAt }));
  }

  dueLogins(now: number, limit: number): readonly Actor[] {
    return this.#ending()
      .filter((login) => endOf(login) <= now)
      .slice(0, limit)
      .map(actorOf);
  }

  claimDueLogins(claim: DueClaim): readonly Actor[] {
    return this.#claims.take(this.dueLogins(claim.before, Infinity), keyOf, claim);
  }

  /** Keeps the login of a device that was written; a user's attributes go with the last. */
  writeLogin({ user, device }: Actor, login: Login | null): void {
    const key = keyOf({ user, device });
    const before = this.#logins.get(key);
    if (!before && !login) return;
    const { joined, left } = channelsMoved(before, login);
    if (before?.endsAt !== login?.endsAt) this.#claims.end(key);
    if (login === null) this.#logins.delete(key);
    else this.#logins.set(key, { user, device, ...login });
    for (const channel of joined) this.#channels.join(channel, { user, device });
    for (const channel of left) this.#channels.leave(channel, { user, device });
    if (this.logins(user).length === 0) this.#channels.forget({ kind: 'user', user });
  }

  /** Of those that are over the latest are kept. */
  #forgetExcess(caller: UserId): void {
    const over = [...this.#invitations.values()].filter(
      (each) => each.caller === caller && invitationDeadlineOf(each) === null,
    );
    if (over.length <= MAX_KEPT_INVITATIONS) return;
    const oldest = over.toSorted((a, b) => a.changedAt - b.changedAt);
    for (const { id } of oldest.slice(0, -MAX_KEPT_INVITATIONS)) this.#invitations.delete(id);
  }

  #open(): readonly Invitation[] {
    return [...this.#invitations.values()].filter((each) => invitationDeadlineOf(each) !== null);
  }

  #ending(): readonly DeviceLogin[] {
    return [...this.#logins.values()]
      .filter(({ endsAt }) => endsAt !== null)
      .toSorted((a, b) => endOf(a) - endOf(b));
  }
}

function actorOf({ user, device }: Actor): Actor {
  return { user, device };
}

function deadlineOf(invitation: Invitation): number {
  return invitationDeadlineOf(invitation) ?? Infinity;
}

function endOf({ endsAt }: Login): number {
  return endsAt ?? Infinity;
}

/** Apart from the ids of invitations, which hold no brackets. */
function keyOf({ user, device }: Actor): string {
  return JSON.stringify([user, device]);
}
