import type { Call } from '@ringline/call';
import { Queue } from '../../queue.ts';
import type { Queued } from '../../queue.ts';
import { snapshotOf } from '../rows.ts';
import type { Scope, Snapshot } from '../store.ts';
import type { Session, Value } from './driver.ts';
import type { Era, Eras } from './eras.ts';
import type { Lanes } from './lanes.ts';
import { LOAD, LOAD_RTM } from './load-statements.ts';
import type { LoadedRow } from './load-statements.ts';
import { LoadedRows, nameOf } from './loaded-rows.ts';
import type { Known } from './loaded-rows.ts';
import { held } from './text.ts';

/** Scopes in one statement: more gain little. */
export const MAX_LOADS = 256;
/** And patient ones among them, so that those of commands are not kept for long by what goes with them. */
export const MAX_PATIENT_LOADS = 64;

/** A scope that is asked for. */
type Asked = Queued<Scope, Snapshot>;

/**
 * Scopes that are asked for in one tick of the event loop, or while all lanes are busy, are loaded by one statement;
 * what is patient never keeps the others waiting.
 */
export class GroupLoad {
  readonly #lanes: Lanes;
  readonly #eras: Eras;
  readonly #waiting = new Queue<Scope, Snapshot>();
  readonly #patient = new Queue<Scope, Snapshot>();
  #isScheduled = false;

  constructor(lanes: Lanes, eras: Eras) {
    this.#lanes = lanes;
    this.#eras = eras;
  }

  /** One moment's truth about the scope. */
  load(scope: Scope): Promise<Snapshot> {
    this.#schedule();
    return (scope.isPatient ? this.#patient : this.#waiting).add(scope);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => void this.#next());
  }

  /** Waits for a lane as any other work does, and takes then whatever has been asked for by that time. */
  async #next(): Promise<void> {
    let batch: readonly Asked[] = [];
    try {
      await this.#lanes.reading(async (session) => {
        this.#isScheduled = false;
        if (batch.length === 0) batch = this.#nextBatch();
        if (!this.#waiting.isEmpty || !this.#patient.isEmpty) this.#schedule();
        await this.#load(session, batch);
      });
    } catch (error) {
      this.#isScheduled = false;
      // Who had to wait for a connection that cannot be made would meet the same.
      const refused = batch.length > 0 ? batch : this.#all();
      for (const { reject } of refused) reject(error);
    }
  }

  /** The patient ones are behind the others, but not for ever. */
  #nextBatch(): readonly Asked[] {
    const patient = this.#patient.take(MAX_PATIENT_LOADS);
    return [...this.#waiting.take(MAX_LOADS - patient.length), ...patient];
  }

  #all(): readonly Asked[] {
    return [...this.#waiting.take(), ...this.#patient.take()];
  }

  async #load(session: Session, batch: readonly Asked[]): Promise<void> {
    const era = this.#eras.present;
    const scopes = batch.map(({ item }) => item);
    const hasRtm = scopes.some(({ rtm }) => rtm);
    const found = await session.rows<LoadedRow>(
      hasRtm ? LOAD_RTM : LOAD,
      hasRtm ? [...valuesOf(scopes), ...rtmValuesOf(scopes)] : valuesOf(scopes),
    );
    const rows = new LoadedRows(found, knownIn(era));
    for (const { item: scope, resolve } of batch) resolve(snapshotOf(scope, rows));
  }
}

function knownIn({ calls, devices }: Era): Known {
  return {
    device: ({ a, b, c, d, n, m, k }) =>
      devices.of({
        user: a,
        device: b ?? '',
        version: n,
        lastSeq: m,
        acknowledged: k,
        results: c,
        rest: d,
      }),
    call: ({ a, c, n, m }) => {
      const recent = calls.get(a);
      if (recent?.n === m && recent.call.version === n) return recent.call;
      const call = JSON.parse(c) as Call;
      calls.set(a, { n: m, call });
      return call;
    },
  };
}

function valuesOf(scopes: readonly Scope[]): Value[] {
  const actors = scopes.flatMap(({ actor }) => actor ?? []);
  const sent = scopes.flatMap((scope) => scope.sent ?? []);
  return [
    each(scopes.flatMap(({ users }) => users)),
    each(scopes.flatMap(({ call }) => call ?? [])),
    actors.map(({ user }) => held(user)),
    actors.map(({ device }) => held(device)),
    each(scopes.flatMap(({ devicesOf = [] }) => devicesOf)),
    sent.map(({ from }) => held(from)),
    sent.map(({ key }) => held(key)),
  ];
}

function rtmValuesOf(scopes: readonly Scope[]): Value[] {
  const all = scopes.flatMap(({ rtm }) => rtm ?? []);
  const pairs = all.filter(({ openOf, openTo }) => openOf !== undefined && openTo !== undefined);
  const attributes = all.flatMap(({ attributesOf }) => attributesOf ?? []);
  const users = attributes.flatMap((of) => (of.kind === 'user' ? [of.user] : []));
  return [
    each(all.flatMap(({ invitation }) => invitation ?? [])),
    each(all.flatMap(({ openOf }) => openOf ?? [])),
    each(all.flatMap(({ openTo }) => openTo ?? [])),
    pairs.map(({ openOf }) => held(openOf ?? '')),
    pairs.map(({ openTo }) => held(openTo ?? '')),
    // A user for whom attributes are kept is there with a login.
    each([...all.flatMap(({ loginsOf }) => loginsOf ?? []), ...users]),
    attributes.map(({ kind }) => kind),
    attributes.map((of) => held(nameOf(of))),
  ];
}

/** Each once, as columns hold it. */
function each(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].map(held);
}
