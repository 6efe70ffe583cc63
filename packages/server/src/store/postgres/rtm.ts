import type { Actor, Invitation } from '@ringline/call';
import type { InvitationId, UserId } from '@ringline/protocol';
import type { DueClaim } from '../leases.ts';
import type { ChannelMembers } from '../rtm.ts';
import type { Statement } from './driver.ts';
import { GroupRead } from './group-read.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

interface Body {
  readonly body: string;
}

/** Bare invitations, the devices that speak RTM, and the members of channels, as they are read. */
export class PostgresRtm {
  readonly #lanes: Lanes;
  readonly #anyOpen: GroupRead<boolean>;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
    // Pages that speak RTM ask with every heartbeat.
    this.#anyOpen = new GroupRead(lanes, ANY_OPEN, () => true);
  }

  async invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]> {
    return (await this.#lanes.read<Body>(INVITATIONS, [ids.map(held)])).map(invitationOf);
  }

  /** Mostly none is open, which is told for many users at once. */
  async openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]> {
    if (!(await this.#anyOpen.read(user, false))) return [];
    return (await this.#lanes.read<Body>(OPEN, [held(user), limit])).map(invitationOf);
  }

  async claimDue(claim: DueClaim): Promise<readonly InvitationId[]> {
    return (await this.#claimed<{ id: string }>(CLAIM, claim)).map(({ id }) => given(id));
  }

  forgetEmptyChannels(before: number, limit: number): Promise<number> {
    return this.#lanes.use((session) => session.run(FORGET_EMPTY, [before, limit]));
  }

  forget(before: number, limit: number): Promise<number> {
    return this.#lanes.use((session) => session.run(FORGET, [before, limit]));
  }

  async dueLogins(now: number, limit: number): Promise<readonly Actor[]> {
    return (await this.#lanes.read<Actor>(DUE_LOGINS, [now, limit])).map(actorOf);
  }

  async claimDueLogins(claim: DueClaim): Promise<readonly Actor[]> {
    return (await this.#claimed<Actor>(CLAIM_LOGINS, claim)).map(actorOf);
  }

  async members(channels: readonly string[], limit: number): Promise<readonly ChannelMembers[]> {
    const values = [channels.map(held), limit];
    const rows = await this.#lanes.read<{ users: readonly string[]; count: number }>(
      MEMBERS,
      values,
    );
    return rows.map(({ users, count }) => ({ members: users.map(given), count }));
  }

  async countMembers(channels: readonly string[]): Promise<readonly number[]> {
    const rows = await this.#lanes.read<{ count: number }>(COUNTS, [channels.map(held)]);
    return rows.map(({ count }) => count);
  }

  #claimed<Row>(statement: Statement, claim: DueClaim): Promise<readonly Row[]> {
    const { before, now, until, limit } = claim;
    return this.#lanes.use((session) => session.rows<Row>(statement, [before, now, until, limit]));
  }
}

function actorOf({ user, device }: Actor): Actor {
  return { user: given(user), device: given(device) };
}

function invitationOf({ body }: Body): Invitation {
  return JSON.parse(body) as Invitation;
}

const INVITATIONS: Statement = {
  name: 'invitations',
  text: 'select body from invitations where id = any ($1::text[])',
};
// By a limit, not `exists`: that may be planned as a list of all that are open.
const ANY_OPEN: Statement = {
  name: 'invitations_any_open',
  text: `select a.i from unnest($1::text[], $2::bigint[]) with ordinality as a (id, after, i)
    cross join lateral (
      select from invitations where caller = a.id and deadline is not null
      union all
      select from invitations where callee = a.id and deadline is not null
      limit 1) t`,
};
const OPEN: Statement = {
  name: 'invitations_open',
  text: `select body from (
      (select n, body from invitations where caller = $1 and deadline is not null
        order by n desc limit $2)
      union all
      (select n, body from invitations where callee = $1 and deadline is not null
        order by n desc limit $2)) t
    order by n`,
};
// What another node claims, or changes, at this moment is left to it.
const CLAIM: Statement = {
  name: 'invitations_claim',
  text: `with due as materialized (
      select n, deadline from invitations
      where deadline is not null and deadline <= $1 and claimed_until <= $2
      order by deadline limit $4 for update skip locked
    ), taken as (
      update invitations i set claimed_until = $3 from due where i.n = due.n
        returning i.id, due.deadline
    )
    select id from taken order by deadline`,
};
// Somebody who joins at this moment keeps them.
const FORGET_EMPTY: Statement = {
  name: 'channels_forget_empty',
  text: `delete from attributes where n in (
    select n from attributes a where empty_since is not null and empty_since < $1
      and not exists (select from members m where m.channel = a.name)
    order by empty_since limit $2 for update skip locked)`,
};
// One that is changed at this moment is over no more, or forgotten by another: it is left to the next time.
const FORGET: Statement = {
  name: 'invitations_forget',
  text: `delete from invitations where n in (
    select n from invitations where over_at is not null and over_at < $1
    order by over_at limit $2 for update skip locked)`,
};
const DUE_LOGINS: Statement = {
  name: 'logins_due',
  text: `select user_id as user, device from logins where ends_at is not null and ends_at <= $1
    order by ends_at limit $2`,
};
const CLAIM_LOGINS: Statement = {
  name: 'logins_claim',
  text: `with due as materialized (
      select user_id, device, ends_at from logins
      where ends_at is not null and ends_at <= $1 and claimed_until <= $2
      order by ends_at limit $4 for update skip locked
    ), taken as (
      update logins l set claimed_until = $3 from due
        where l.user_id = due.user_id and l.device = due.device
        returning l.user_id, l.device, due.ends_at
    )
    select user_id as user, device from taken order by ends_at`,
};
const COUNT = 'select count(distinct user_id) from members where channel =';
const MEMBERS: Statement = {
  name: 'members',
  text: `select array(
      select distinct m.user_id from members m where m.channel = a.channel
      order by m.user_id limit $2) as users, (${COUNT} a.channel) as count
    from unnest($1::text[]) with ordinality as a (channel, i) order by a.i`,
};
const COUNTS: Statement = {
  name: 'members_counts',
  text: `select (${COUNT} a.channel) as count
    from unnest($1::text[]) with ordinality as a (channel, i) order by a.i`,
};
