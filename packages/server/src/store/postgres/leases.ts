import assert from 'node:assert/strict';
import { LEASE_KEPT_MS } from '../leases.ts';
import type { Duty } from '../leases.ts';
import type { Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { held } from './text.ts';

/** The leases of incarnations, their duties, and the time by which both go. */
export class PostgresLeases {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  /** Epoch milliseconds, by the database's clock. */
  async now(): Promise<number> {
    const [row] = await this.#lanes.read<{ now: number }>(NOW);
    assert(row !== undefined, 'a clock always answers');
    return row.now;
  }

  /** Whether it goes on is decided on the row as it is when this has it: nobody declares it dead between. */
  async renewLease(incarnation: string, until: number): Promise<boolean> {
    const values = [held(incarnation), until];
    return this.#lanes.use(async (session) => {
      if ((await session.run(RENEW, values)) > 0) return true;
      await session.run(TAKE, values);
      return false;
    });
  }

  async hasLease(now: number): Promise<boolean> {
    const [row] = await this.#lanes.read<{ runs: boolean }>(HAS_LEASE, [now]);
    return row?.runs === true;
  }

  async declareDead(now: number): Promise<void> {
    await this.#lanes.use(async (session) => {
      await session.run(DECLARE_DEAD, [now]);
      await session.run(FORGET_LEASES, [now - LEASE_KEPT_MS]);
    });
  }

  async takeDuty(duty: Duty, incarnation: string, now: number): Promise<boolean> {
    const values = [duty, held(incarnation), now];
    return (await this.#lanes.use((session) => session.run(TAKE_DUTY, values))) > 0;
  }

  async endOtherLeases(incarnation: string, now: number): Promise<void> {
    await this.#lanes.use((session) => session.run(END_OTHERS, [now, held(incarnation)]));
  }
}

const NOW: Statement = {
  name: 'now',
  text: 'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now',
};
const RENEW: Statement = {
  name: 'lease_renew',
  text: 'update leases set until = $2 where incarnation = $1 and not dead',
};
const TAKE: Statement = {
  name: 'lease_take',
  text: `insert into leases (incarnation, until) values ($1, $2)
    on conflict (incarnation) do update set until = excluded.until, dead = false`,
};
const HAS_LEASE: Statement = {
  name: 'lease_runs',
  text: 'select exists (select from leases where until > $1) as runs',
};
const DECLARE_DEAD: Statement = {
  name: 'leases_declare_dead',
  text: 'update leases set dead = true where until <= $1 and not dead',
};
const FORGET_LEASES: Statement = {
  name: 'leases_forget',
  text: `delete from leases l where dead and until <= $1
    and not exists (select from bindings b where b.incarnation = l.incarnation)`,
};
const TAKE_DUTY: Statement = {
  name: 'duty_take',
  text: `insert into duties as d (duty, incarnation) values ($1, $2)
    on conflict (duty) do update set incarnation = excluded.incarnation
      where d.incarnation = excluded.incarnation
        or not exists (select from leases l where l.incarnation = d.incarnation and l.until > $3)`,
};
const END_OTHERS: Statement = {
  name: 'leases_end_others',
  text: 'update leases set until = least(until, $1) where incarnation <> $2',
};
