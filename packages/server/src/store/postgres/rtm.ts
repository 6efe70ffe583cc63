import type { Actor, Invitation } from '@ringline/call';
import type { InvitationId, UserId } from '@ringline/protocol';
import type { ChannelMembers } from '../rtm.ts';
import type { Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

interface Body {
  readonly body: string;
}

/** Bare invitations, the devices that speak RTM, and the members of channels, as they are read. */
export class PostgresRtm {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  async invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]> {
    return (await this.#lanes.read<Body>(INVITATIONS, [ids.map(held)])).map(invitationOf);
  }

  async openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]> {
    return (await this.#lanes.read<Body>(OPEN, [held(user), limit])).map(invitationOf);
  }

  async due(now: number, limit: number): Promise<readonly InvitationId[]> {
    return (await this.#lanes.read<{ id: string }>(DUE, [now, limit])).map(({ id }) => given(id));
  }

  async next(): Promise<number | undefined> {
    return earliest(await this.#lanes.read<Earliest>(NEXT));
  }

  forget(before: number, limit: number): Promise<number> {
    return this.#lanes.use((session) => session.run(FORGET, [before, limit]));
  }

  async dueLogins(now: number, limit: number): Promise<readonly Actor[]> {
    const rows = await this.#lanes.read<Actor>(DUE_LOGINS, [now, limit]);
    return rows.map(({ user, device }) => ({ user: given(user), device: given(device) }));
  }

  async nextLoginEnd(): Promise<number | undefined> {
    return earliest(await this.#lanes.read<Earliest>(NEXT_LOGIN_END));
  }

  async members(channel: string, limit: number): Promise<ChannelMembers> {
    const rows = await this.#lanes.read<{ user: string | null; count: number }>(MEMBERS, [
      held(channel),
      limit,
    ]);
    const members = rows.flatMap(({ user }) => (user === null ? [] : [given(user)]));
    return { members, count: rows[0]?.count ?? 0 };
  }

  async countMembers(channels: readonly string[]): Promise<readonly number[]> {
    const rows = await this.#lanes.read<{ count: number }>(COUNTS, [channels.map(held)]);
    return rows.map(({ count }) => count);
  }
}

function invitationOf({ body }: Body): Invitation {
  return JSON.parse(body) as Invitation;
}

interface Earliest {
  readonly at: number | null;
}

function earliest([row]: readonly Earliest[]): number | undefined {
  return row?.at ?? undefined;
}

const INVITATIONS: Statement = {
  name: 'invitations',
  text: 'select body from invitations where id = any ($1::text[])',
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
const DUE: Statement = {
  name: 'invitations_due',
  text: `select id from invitations where deadline is not null and deadline <= $1
    order by deadline limit $2`,
};
const NEXT: Statement = {
  name: 'invitations_next',
  text: 'select min(deadline) as at from invitations where deadline is not null',
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
const NEXT_LOGIN_END: Statement = {
  name: 'logins_next_end',
  text: 'select min(ends_at) as at from logins where ends_at is not null',
};
const COUNT = 'select count(distinct user_id) from members where channel =';
const MEMBERS: Statement = {
  name: 'members',
  text: `select m.user_id as user, c.count from (${COUNT} $1) c left join (
      select distinct user_id from members where channel = $1 order by user_id limit $2) m on true
    order by m.user_id`,
};
const COUNTS: Statement = {
  name: 'members_counts',
  text: `select (${COUNT} a.channel) as count
    from unnest($1::text[]) with ordinality as a (channel, i) order by a.i`,
};
