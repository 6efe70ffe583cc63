import type {
  Claim,
  DeliveryQuery,
  DueDelivery,
  Endpoint,
  MissedEndpoint,
  OutboxPortion,
  PortionDone,
  PostForm,
  ResendQuery,
  Settled,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import {
  EVENT,
  HAS_EARLIER,
  IS_FIRST,
  KEPT_ENDPOINTS,
  PostgresDeliveryLists,
  eventOf,
} from './delivery-lists.ts';
import type { EventRow } from '../delivery-row.ts';
import { SettledInPart } from '../settled-in-part.ts';
import type { Session, Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { PostgresOutboxPast } from './outbox-past.ts';
import { given, held } from './text.ts';

interface DueRow extends EventRow {
  readonly n: number;
  readonly form: PostForm;
  readonly attempts: number;
  readonly claim: number;
  readonly since: number;
  readonly data: string;
}

/**
 * Endpoints, events, and each event's deliveries, which the couriers of several nodes share. The first
 * delivery that waits in a lane is the lane's lock: a step that puts another behind it holds it, and who
 * ends it makes the next one due in a later statement, which sees what came behind it meanwhile. Nobody
 * here waits for one lock while holding another: what is locked is done afterwards, one by one.
 */
export class PostgresOutbox {
  readonly #lanes: Lanes;
  readonly #lists: PostgresDeliveryLists;
  readonly #past: PostgresOutboxPast;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
    this.#lists = new PostgresDeliveryLists(lanes);
    this.#past = new PostgresOutboxPast(lanes, this.#lists);
  }

  async endpoints(): Promise<readonly Endpoint[]> {
    const rows = await this.#lanes.read<{ body: string; version: number }>(ENDPOINTS);
    return rows.map(({ body, version }) => ({ ...(JSON.parse(body) as Endpoint), version }));
  }

  addEndpoint(endpoint: Endpoint, most: number): Promise<boolean> {
    const { id, version } = endpoint;
    return this.#lanes.transaction(async (session) => {
      // So that no two nodes add the last one that there is room for.
      await session.exec('lock table endpoints in share row exclusive mode');
      const values = [held(id), version, JSON.stringify(endpoint), most];
      return (await session.run(ADD_ENDPOINT, values)) > 0;
    });
  }

  async changeEndpoint(endpoint: Endpoint): Promise<boolean> {
    const { id, version } = endpoint;
    const values = [JSON.stringify(endpoint), version, held(id), version - 1];
    return (await this.#lanes.use((session) => session.run(CHANGE_ENDPOINT, values))) > 0;
  }

  async removeEndpoint(id: string): Promise<void> {
    await this.#lanes.use((session) => session.run(REMOVE_ENDPOINT, [held(id)]));
  }

  async noteEndpoints(known: readonly string[], now: number): Promise<readonly MissedEndpoint[]> {
    const rows = await this.#lanes.transaction(async (session) => {
      await session.run(NOTE_ENDPOINTS, [known.map(held), now]);
      return session.rows<MissedEndpoint>(MISSED_ENDPOINTS);
    });
    return rows.map(({ id, since }) => ({ id: given(id), since }));
  }

  forgetDeliveries(endpoint: string, limit: number): Promise<number> {
    return this.#lanes.use((session) => session.run(REMOVE_DELIVERIES, [held(endpoint), limit]));
  }

  async claimDeliveries(claim: Claim): Promise<readonly DueDelivery[]> {
    const { endpoint, now, until, limit } = claim;
    const values = [held(endpoint), now, until, limit];
    const rows = await this.#lanes.use((session) => session.rows<DueRow>(CLAIM, values));
    return rows.map(({ n, form, attempts, claim: newest, since, data, ...event }) => ({
      n,
      endpoint,
      form,
      attempts,
      claim: newest,
      since,
      event: { ...eventOf(event), data: JSON.parse(data) as object },
    }));
  }

  async settleDeliveries(settled: readonly Settled[], now: number): Promise<readonly number[]> {
    if (settled.length === 0) return [];
    const { counted, left } = await this.#lanes.transaction((session) =>
      settleFree(session, settled, now),
    );
    const all = new Set(counted);
    // What a step holds at this moment, and the few that count no more.
    for (const [i, each] of left.entries()) {
      try {
        const settling = (session: Session) => settle(SETTLE, session, [each], now);
        for (const n of await this.#lanes.transaction(settling)) all.add(n);
      } catch (error) {
        // Those behind it may have to be waited for as long.
        const rest = left.slice(i).map(({ n }) => n);
        throw new SettledInPart(all, rest, error);
      }
    }
    return settled.flatMap(({ n }) => (all.delete(n) ? [n] : []));
  }

  async releaseDeliveries(now: number): Promise<void> {
    await this.#lanes.use((session) => session.run(RELEASE, [now]));
  }

  async nextDelivery(endpoints: readonly string[]): Promise<number | undefined> {
    const [row] = await this.#lanes.read<{ due: number | null }>(NEXT, [endpoints.map(held)]);
    return row?.due ?? undefined;
  }

  async oldestWaiting(endpoints: readonly string[]): Promise<number | undefined> {
    const [row] = await this.#lanes.read<{ at: number | null }>(WAITING, [endpoints.map(held)]);
    return row?.at ?? undefined;
  }

  deliveries(query: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    return this.#lists.find(query);
  }

  async event(id: string): Promise<StoredEvent | undefined> {
    const [row] = await this.#lanes.read<EventRow & { data: string }>(EVENT_BY_ID, [held(id)]);
    return row && { ...eventOf(row), data: JSON.parse(row.data) as object };
  }

  resend(query: ResendQuery & OutboxPortion, now: number): Promise<PortionDone> {
    return this.#past.resend(query, now);
  }

  forgetEvents(before: number, portion: OutboxPortion): Promise<PortionDone> {
    return this.#past.forget(before, portion);
  }
}

/** Settles those that nobody holds; which counted, and which are left. */
async function settleFree(
  session: Session,
  settled: readonly Settled[],
  now: number,
): Promise<{ counted: readonly number[]; left: readonly Settled[] }> {
  const counted = await settle(SETTLE_FREE, session, settled, now);
  return { counted, left: settled.filter(({ n }) => !counted.includes(n)) };
}

/** In one transaction, whose second statement sees what came behind those that the first has locked. */
async function settle(
  statement: Statement,
  session: Session,
  settled: readonly Settled[],
  now: number,
): Promise<readonly number[]> {
  const rows = await session.rows<{ n: number; state: string }>(statement, [
    settled.map(({ n }) => n),
    settled.map(({ claim }) => claim),
    settled.map(({ state }) => state),
    settled.map(({ dueAt }) => dueAt),
    settled.map(({ attempt }) => attempt.at),
    settled.map(({ attempt }) => JSON.stringify(attempt)),
  ]);
  const waiting = rows.filter(({ state }) => state === 'waiting').map(({ n }) => n);
  const over = rows.filter(({ state }) => state !== 'waiting').map(({ n }) => n);
  if (waiting.length > 0) await session.run(HOLD_BACK, [waiting]);
  if (over.length > 0) await session.run(PROMOTE, [over, now]);
  return rows.map(({ n }) => n);
}

const ENDPOINTS: Statement = {
  name: 'endpoints',
  text: 'select body, version from endpoints order by n',
};
const ADD_ENDPOINT: Statement = {
  name: 'endpoint_add',
  text: `insert into endpoints (id, version, body)
    select $1, $2, $3 where (select count(*) from endpoints) < $4`,
};
const CHANGE_ENDPOINT: Statement = {
  name: 'endpoint_change',
  text: 'update endpoints set body = $1, version = $2 where id = $3 and version = $4',
};
const REMOVE_ENDPOINT: Statement = {
  name: 'endpoint_remove',
  text: 'delete from endpoints where id = $1',
};
const NOTE_ENDPOINTS: Statement = {
  name: 'endpoints_note',
  text: `with recursive ${KEPT_ENDPOINTS}, missed as materialized (
      select endpoint from kept where endpoint is not null and endpoint <> all ($1::text[])
    ), found_again as (
      delete from missed_endpoints m
        where not exists (select from missed where endpoint = m.id)
    )
    insert into missed_endpoints (id, since)
      select endpoint, $2 from missed order by endpoint on conflict do nothing`,
};
const MISSED_ENDPOINTS: Statement = {
  name: 'endpoints_missed',
  text: 'select id, since from missed_endpoints order by id',
};
// From the newest that waits: what is left of a lane has its first, which is due. What somebody holds
// at this moment is left to the next time.
const REMOVE_DELIVERIES: Statement = {
  name: 'deliveries_remove',
  text: `delete from deliveries where n = any (array(
    select n from deliveries where endpoint = $1
    order by state desc, at desc, n desc limit $2 for update skip locked))`,
};

// Due again when nobody has settled it by then: that is the lease. What another node claims at this
// moment is left to it. Two of a lane may be due for a moment, when an earlier one is sent again while
// a step finds that none waits.
const CLAIM: Statement = {
  name: 'deliveries_claim',
  text: `with due as materialized (
      select d.n, d.due_at from deliveries d
      where d.endpoint = $1 and d.due_at <= $2 and ${IS_FIRST}
      order by d.due_at, d.n limit $4 for update skip locked
    ), taken as (
      update deliveries d set due_at = $3, claimed = true, claim = d.claim + 1
        from due where d.n = due.n
        returning due.due_at as was_due, d.n, d.form, d.attempts, d.claim,
          coalesce(d.sent_again_at, d.at) as since, d.event
    )
    select t.n, t.form, t.attempts, t.claim, t.since, e.data, ${EVENT}
      from taken t join events e on e.n = t.event order by t.was_due, t.n`,
};

/** Settles those whose claim is the newest, and that nobody has settled or, in the first form, holds. */
function settling(name: string, wait: string): Statement {
  return {
    name,
    text: `with s as materialized (
        select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[],
          $6::text[]) as s (n, claim, state, due_at, last_at, last)
      ), ours as materialized (
        select d.n, d.claim, d.state from deliveries d where d.n = any ($1)
        order by d.n for update ${wait}
      )
      update deliveries d set state = s.state, due_at = s.due_at, last_at = s.last_at,
          last = s.last, attempts = d.attempts + 1, claimed = false
        from ours join s on s.n = ours.n and s.claim = ours.claim
        where d.n = ours.n and ours.state = 'waiting'
        returning d.n, d.state`,
  };
}
const SETTLE_FREE = settling('deliveries_settle_free', 'skip locked');
const SETTLE = settling('deliveries_settle', '');
// Something earlier was sent again meanwhile, and waits.
const HOLD_BACK: Statement = {
  name: 'deliveries_hold_back',
  text: `update deliveries d set due_at = null, claimed = false
    where d.n = any ($1::bigint[]) and ${HAS_EARLIER}`,
};
const PROMOTE: Statement = {
  name: 'deliveries_promote',
  text: `update deliveries set due_at = $2 where due_at is null and n = any (array(
    select (
      select w.n from deliveries w where w.endpoint = d.endpoint and w.lane = d.lane
        and w.state = 'waiting' order by w.n limit 1)
    from deliveries d where d.n = any ($1::bigint[])))`,
};
const RELEASE: Statement = {
  name: 'deliveries_release',
  text: 'update deliveries set due_at = $1, claimed = false where due_at is not null and claimed',
};
const NEXT: Statement = {
  name: 'deliveries_next',
  text: `select min(next.due_at) as due from unnest($1::text[]) a (endpoint) cross join lateral (
    select d.due_at from deliveries d
    where d.endpoint = a.endpoint and d.due_at is not null and ${IS_FIRST}
    order by d.due_at, d.n limit 1) next`,
};
const WAITING: Statement = {
  name: 'deliveries_oldest_waiting',
  text: `select min(oldest.at) as at from unnest($1::text[]) a (endpoint) cross join lateral (
    select d.at from deliveries d where d.endpoint = a.endpoint and d.state = 'waiting'
    order by d.at limit 1) oldest`,
};
const EVENT_BY_ID: Statement = {
  name: 'event',
  text: `select ${EVENT}, e.data from events e where e.id = $1`,
};
