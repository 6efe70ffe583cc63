import type { OutboxPlace, OutboxPortion, PortionDone, ResendQuery } from '../outbox.ts';
import {
  DELIVERY_STATES,
  INVITATION_KEY,
  comparePlaces,
  isWanted,
  portionDone,
} from '../outbox.ts';
import type { PostgresDeliveryLists } from './delivery-lists.ts';
import { HAS_EARLIER, IS_FIRST, deliveryOf } from './delivery-lists.ts';
import type { Session, Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { held } from './text.ts';

const EVER = Number.MAX_SAFE_INTEGER;
/** After this place stands everything. */
const START: OutboxPlace = { at: 0, n: 0 };

/** What sending again must know. */
interface PastRow extends OutboxPlace {
  readonly lane: string;
}

/** An event that is old enough, and whether something still needs it. */
interface OldRow extends OutboxPlace {
  readonly held: boolean;
}

/** What is over: made again, or forgotten. */
export class PostgresOutboxPast {
  readonly #lanes: Lanes;
  readonly #lists: PostgresDeliveryLists;

  constructor(lanes: Lanes, lists: PostgresDeliveryLists) {
    this.#lanes = lanes;
    this.#lists = lists;
  }

  async resend(query: ResendQuery & OutboxPortion, now: number): Promise<PortionDone> {
    const { endpoint, event, limit } = query;
    const past = await (event === undefined ? this.#past(query) : this.#pastOf(query));
    const left = await this.#lanes.transaction(async (session) => {
      const lanes = [...new Set(past.map(({ lane }) => lane))];
      const free = new Map(
        (await session.rows<Head>(FREE_HEADS, [held(endpoint), lanes])).map(({ lane, n }) => [
          lane,
          n,
        ]),
      );
      const rows = past.filter(({ lane }) => free.has(lane));
      await sendAgain(session, rows, [...free.values()], now);
      return past.filter(({ lane }) => !free.has(lane));
    });
    // Those of a lane that a step or a courier holds at this moment.
    for (const row of left) {
      await this.#lanes.transaction(async (session) => {
        const head = await headOf(session, held(endpoint), row.lane);
        await sendAgain(session, [row], [head], now);
      });
    }
    return portionDone(past.length, past, limit);
  }

  /** The oldest of an endpoint after a place. */
  async #past(query: ResendQuery & OutboxPortion): Promise<readonly PastRow[]> {
    const { endpoint, state, from = 0, to = EVER, after, limit } = query;
    const start = { at: from, n: 0 };
    const { at, n } = after && comparePlaces(after, start) > 0 ? after : start;
    const rows: PastRow[] = [];
    for (const each of state === undefined ? DELIVERY_STATES : [state]) {
      const values = [held(endpoint), each, to, at, n, limit];
      rows.push(...(await this.#lanes.read<PastRow>(OLDEST, values)));
    }
    return rows.toSorted(comparePlaces).slice(0, limit);
  }

  /** Those of one event: as many as an endpoint has forms. */
  async #pastOf({ after, limit, ...query }: ResendQuery & OutboxPortion) {
    const rows = (await this.#lists.ofEvent(query.event ?? ''))
      .filter((row) => isWanted(deliveryOf(row), query))
      .filter((row) => !after || comparePlaces(row, after) > 0);
    return rows.toSorted(comparePlaces).slice(0, limit);
  }

  async forget(before: number, { after = START, limit }: OutboxPortion): Promise<PortionDone> {
    const old = await this.#lanes.read<OldRow>(OLD, [before, after.at, after.n, limit]);
    const gone = old.filter((row) => !row.held).map(({ n }) => n);
    const count =
      gone.length === 0
        ? 0
        : await this.#lanes.use((session) => session.run(FORGET, [gone, before]));
    return portionDone(count, old, limit);
  }
}

/** The first that waits in a lane; of none when none does. */
interface Head {
  readonly lane: string;
  readonly n: number | null;
}

/** Locks a lane, whoever holds it at this moment, and says which one is its first; null when none waits. */
async function headOf(session: Session, endpoint: string, lane: string): Promise<number | null> {
  for (;;) {
    const [locked] = await session.rows<{ n: number }>(LOCK_HEAD, [endpoint, lane]);
    const [first] = await session.rows<{ n: number }>(HEAD, [endpoint, lane]);
    // Another one has come to be the first while this waited.
    if (locked?.n === first?.n) return first?.n ?? null;
  }
}

/** Of each lane the first that waits then is due, and no other. */
async function sendAgain(
  session: Session,
  rows: readonly PastRow[],
  heads: readonly (number | null)[],
  now: number,
): Promise<void> {
  if (rows.length === 0) return;
  const again = rows.map(({ n }) => n);
  await session.run(AGAIN, [again, now]);
  await session.run(DUE, [again, now]);
  await session.run(HOLD_BACK, [heads.filter((n) => n !== null)]);
}

const OLDEST: Statement = {
  name: 'deliveries_oldest',
  text: `select n, at, lane from deliveries
    where endpoint = $1 and state = $2 and at < $3 and (at, n) > ($4, $5)
    order by at, n limit $6`,
};
const FREE_HEADS: Statement = {
  name: 'deliveries_free_heads',
  text: `with heads as materialized (
      select a.lane, (
        select d.n from deliveries d
        where d.endpoint = $1 and d.lane = a.lane and d.state = 'waiting' order by d.n limit 1) as n
      from unnest($2::text[]) a (lane)
    ), locked as materialized (
      select d.n, d.state from deliveries d where d.n = any (array(select n from heads))
      for update skip locked
    )
    select h.lane, h.n from heads h
    where h.n is null or h.n in (select n from locked where state = 'waiting')`,
};
const HEAD_TEXT = `select n from deliveries where endpoint = $1 and lane = $2 and state = 'waiting'
  order by n limit 1`;
const HEAD: Statement = { name: 'deliveries_head', text: HEAD_TEXT };
const LOCK_HEAD: Statement = { name: 'deliveries_lock_head', text: `${HEAD_TEXT} for update` };
const AGAIN: Statement = {
  name: 'deliveries_again',
  text: `with past as materialized (
      select n from deliveries where n = any ($1::bigint[]) order by n for update)
    update deliveries d set state = 'waiting', due_at = null, attempts = 0, claimed = false,
        claim = d.claim + 1, sent_again_at = $2
      from past where d.n = past.n`,
};
const DUE: Statement = {
  name: 'deliveries_again_due',
  text: `update deliveries d set due_at = $2
    where d.n = any ($1::bigint[]) and ${IS_FIRST}`,
};
const HOLD_BACK: Statement = {
  name: 'deliveries_again_hold_back',
  text: `update deliveries d set due_at = null, claimed = false
    where d.n = any ($1::bigint[]) and ${HAS_EARLIER}`,
};
const OLD: Statement = {
  name: 'events_old',
  text: `select n, at,
      exists (select from deliveries d where d.event = e.n
        and (d.state = 'waiting' or d.state = 'dead' and d.last_at >= $1))
      or exists (select from calls c where c.id = e.key and c.open)
      or starts_with(e.key, '${INVITATION_KEY}') and exists (
        select from invitations i where i.id = substr(e.key, ${INVITATION_KEY.length + 1})
          and i.deadline is not null) as held
    from events e where e.at < $1 and (e.at, e.n) > ($2, $3) order by e.at, e.n limit $4`,
};
// One of which something is sent again at this moment is left to the next time.
const FORGET: Statement = {
  name: 'events_forget',
  text: `with free as materialized (
      select d.n, d.event from deliveries d where d.event = any ($1::bigint[])
        and (d.state = 'delivered' or d.state = 'dead' and d.last_at < $2)
      for update skip locked
    ), gone as materialized (
      select e.n from unnest($1) e (n)
      where (select count(*) from deliveries d where d.event = e.n)
        = (select count(*) from free f where f.event = e.n)
    ), forgotten as (
      delete from deliveries where event = any (array(select n from gone))
    )
    delete from events where n = any (array(select n from gone))`,
};
