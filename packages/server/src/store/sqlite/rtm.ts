import { invitationDeadlineOf } from '@ringline/call';
import type { Actor, Invitation } from '@ringline/call';
import type { InvitationId, UserId } from '@ringline/protocol';
import type { DueClaim } from '../leases.ts';
import { MAX_KEPT_INVITATIONS, channelsMoved } from '../rtm.ts';
import type { Between, KnownLogin, Login } from '../rtm.ts';
import type { Device } from '../store.ts';
import type { SqliteChannels } from './channels.ts';
import type { Database } from './driver.ts';
import { RecentRows } from '../recent-rows.ts';

const RECENT_INVITATIONS = 1000;

interface Body {
  readonly body: string;
}

/** Bare invitations, and the devices that speak RTM. */
export class SqliteRtm {
  readonly #channels: SqliteChannels;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #recent = new RecentRows<Invitation>(RECENT_INVITATIONS);

  constructor(database: Database, channels: SqliteChannels) {
    this.#channels = channels;
    this.#statements = statementsOf(database);
  }

  invitation(id: InvitationId): Invitation | undefined {
    const recent = this.#recent.get(id);
    if (recent !== undefined) return recent;
    const row = this.#statements.invitation.get(id) as Body | undefined;
    if (row === undefined) return undefined;
    const invitation = JSON.parse(row.body) as Invitation;
    this.#recent.set(id, invitation);
    return invitation;
  }

  openInvitations(user: UserId, limit: number): readonly Invitation[] {
    const rows = this.#statements.open.all(user, limit, user, limit) as Body[];
    return rows.map(({ body }) => JSON.parse(body) as Invitation);
  }

  countOpen({ caller, callee }: Between): number {
    const { countOf, countTo, countBetween } = this.#statements;
    if (caller === undefined) return openIn(countTo.get(callee ?? null));
    return openIn(callee === undefined ? countOf.get(caller) : countBetween.get(caller, callee));
  }

  claimDue({ before, now, until, limit }: DueClaim): readonly InvitationId[] {
    const rows = this.#statements.free.all(before, now, limit) as { id: InvitationId }[];
    for (const { id } of rows) this.#statements.claim.run(until, id);
    return rows.map(({ id }) => id);
  }

  forget(before: number, limit: number): number {
    return this.#forgotten(this.#statements.forget.all(before, limit));
  }

  write(invitation: Invitation): void {
    const { id, version, caller, callee, changedAt } = invitation;
    const deadline = invitationDeadlineOf(invitation);
    const overAt = deadline === null ? changedAt : null;
    const body = JSON.stringify(invitation);
    if (version === 1) this.#statements.insert.run(id, caller, callee, deadline, overAt, body);
    else this.#statements.update.run(deadline, overAt, body, id);
    this.#recent.set(id, invitation);
    if (overAt !== null) {
      this.#forgotten(this.#statements.forgetExcess.all(caller, MAX_KEPT_INVITATIONS));
    }
  }

  logins(user: UserId): readonly KnownLogin[] {
    const rows = this.#statements.logins.all(user) as Omit<KnownLogin, 'user'>[];
    return rows.map(({ device, endsAt }) => ({ user, device, endsAt }));
  }

  dueLogins(now: number, limit: number): readonly Actor[] {
    return this.#statements.dueLogins.all(now, limit) as readonly object[] as Actor[];
  }

  claimDueLogins({ before, now, until, limit }: DueClaim): readonly Actor[] {
    const { claimLogin, freeLogins } = this.#statements;
    const rows = freeLogins.all(before, now, limit) as readonly object[] as Actor[];
    for (const { user, device } of rows) claimLogin.run(until, user, device);
    return rows;
  }

  /** Keeps the login of a device that was written; a user's attributes go with the last. */
  writeLogin({ user, device, login }: Device, before: Login | null): void {
    if (login === null) this.#statements.removeLogin.run(user, device);
    else this.#statements.writeLogin.run(user, device, login.endsAt);
    const { joined, left } = channelsMoved(before, login);
    for (const channel of joined) this.#channels.join(channel, { user, device });
    for (const channel of left) this.#channels.leave(channel, { user, device });
    if (login === null && this.logins(user).length === 0) {
      this.#channels.forget({ kind: 'user', user });
    }
  }

  clear(): void {
    this.#recent.clear();
  }

  /** Says how many; they must not be answered from memory either. */
  #forgotten(rows: readonly unknown[]): number {
    for (const { id } of rows as readonly { id: InvitationId }[]) this.#recent.delete(id);
    return rows.length;
  }
}

function openIn(row: unknown): number {
  return (row as { open: number }).open;
}

function statementsOf(database: Database) {
  return {
    invitation: database.prepare('SELECT body FROM invitations WHERE id = ?'),
    insert: database.prepare(`
      INSERT INTO invitations (id, caller, callee, deadline, over_at, body)
      VALUES (?, ?, ?, ?, ?, ?)`),
    update: database.prepare(
      'UPDATE invitations SET deadline = ?, over_at = ?, body = ?, claimed_until = 0 WHERE id = ?',
    ),
    open: database.prepare(`
      SELECT body FROM (
        SELECT * FROM (
          SELECT n, body FROM invitations WHERE caller = ? AND deadline IS NOT NULL
          ORDER BY n DESC LIMIT ?)
        UNION ALL
        SELECT * FROM (
          SELECT n, body FROM invitations WHERE callee = ? AND deadline IS NOT NULL
          ORDER BY n DESC LIMIT ?))
      ORDER BY n`),
    countOf: database.prepare(
      'SELECT count(*) AS open FROM invitations WHERE caller = ? AND deadline IS NOT NULL',
    ),
    countTo: database.prepare(
      'SELECT count(*) AS open FROM invitations WHERE callee = ? AND deadline IS NOT NULL',
    ),
    countBetween: database.prepare(`
      SELECT count(*) AS open FROM invitations
      WHERE caller = ? AND callee = ? AND deadline IS NOT NULL`),
    free: database.prepare(`
      SELECT id FROM invitations WHERE deadline <= ? AND claimed_until <= ?
      ORDER BY deadline LIMIT ?`),
    claim: database.prepare('UPDATE invitations SET claimed_until = ? WHERE id = ?'),
    forget: database.prepare(`
      DELETE FROM invitations WHERE n IN (
        SELECT n FROM invitations WHERE over_at < ? ORDER BY over_at LIMIT ?)
      RETURNING id`),
    forgetExcess: database.prepare(`
      DELETE FROM invitations WHERE n IN (
        SELECT n FROM invitations WHERE caller = ? AND over_at IS NOT NULL
        ORDER BY over_at DESC, n DESC LIMIT -1 OFFSET ?)
      RETURNING id`),
    ...loginStatements(database),
  };
}

function loginStatements(database: Database) {
  return {
    logins: database.prepare(
      'SELECT device, ends_at AS endsAt FROM logins WHERE user = ? ORDER BY device',
    ),
    writeLogin: database.prepare(`
      INSERT INTO logins (user, device, ends_at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET claimed_until =
          CASE WHEN ends_at IS excluded.ends_at THEN claimed_until ELSE 0 END,
        ends_at = excluded.ends_at`),
    removeLogin: database.prepare('DELETE FROM logins WHERE user = ? AND device = ?'),
    dueLogins: database.prepare(
      'SELECT user, device FROM logins WHERE ends_at <= ? ORDER BY ends_at LIMIT ?',
    ),
    freeLogins: database.prepare(`
      SELECT user, device FROM logins WHERE ends_at <= ? AND claimed_until <= ?
      ORDER BY ends_at LIMIT ?`),
    claimLogin: database.prepare(
      'UPDATE logins SET claimed_until = ? WHERE user = ? AND device = ?',
    ),
  };
}
