import type { Actor, Call, Line } from '@ringline/call';
import type { CallRecord, Refusal } from '@ringline/protocol';
import { KEPT_RESULTS, refusal } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Device, NewInboxItem, Scope, Snapshot, Step, Store } from '../store/store.ts';
import type { Answer } from './answer.ts';
import type { Announce } from './announce.ts';

/** What is to change, planned from one snapshot; without changes nothing is committed. */
export interface Plan {
  readonly answer: Answer;
  readonly calls?: readonly Call[];
  readonly lines?: readonly Line[];
  readonly expect?: readonly Pick<Line, 'user' | 'version'>[];
  /** The acting device, changed; its version and kept result are filled in here. */
  readonly device?: Device;
  readonly records?: readonly CallRecord[];
  readonly inbox?: readonly NewInboxItem[];
}

/** One thing to do. */
export interface Order {
  readonly cause: Step['cause'];
  readonly scope: Scope;
  /** Sequence number of the acting device's command; absent for what is not a device's command. */
  readonly seq?: number;
  /** Called again on a fresh snapshot when another step was first. */
  readonly plan: (snapshot: Snapshot, now: number) => Plan;
}

/** Lost races in a row after which something is wrong with the store, not with luck. */
export const MAX_ATTEMPTS = 50;
/** When to come back after that. */
const RETRY_AFTER_MS = 500;

/**
 * The one way in which anything durable happens: load, plan, one commit, then tell.
 * A command that was done already gets its kept answer; one that lost a race is planned again.
 */
export class StepRunner {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #announce: Announce;
  readonly #metrics: Metrics;

  constructor(store: Store, clock: Clock, announce: Announce, metrics: Metrics) {
    this.#store = store;
    this.#clock = clock;
    this.#announce = announce;
    this.#metrics = metrics;
  }

  /** Resolves once what was done is durable; throws StoreFault when the store is away. */
  async run(order: Order): Promise<Answer> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const snapshot = await this.#store.load(order.scope);
      const before = alreadyDone(snapshot.actor, order.seq);
      if (before) return before;
      const now = monotonic(this.#clock.now(), snapshot.calls);
      const plan = order.plan(snapshot, now);
      const step = stepOf(order, plan, snapshot, now);
      if (!step) return plan.answer;
      if (await this.#committed(step)) return plan.answer;
      this.#metrics.raceLost();
    }
    return { kind: 'refused', refusal: refusal('unavailable', { retryAfterMs: RETRY_AFTER_MS }) };
  }

  async #committed(step: Step): Promise<boolean> {
    const startedAt = this.#clock.now();
    const committed = await this.#store.commit(step);
    if (!committed.moved) return false;
    this.#metrics.stepCommitted(this.#clock.now() - startedAt);
    for (const record of step.records) this.#metrics.callEnded(record.reason);
    this.#announce(step.calls, committed.inbox);
    return true;
  }
}

/** The kept answer of a repeated command, `stale` for one that lies behind, or undefined for a new one. */
function alreadyDone(device: Device | undefined, seq: number | undefined): Answer | undefined {
  if (!device || seq === undefined || seq > device.lastSeq) return undefined;
  const kept = device.results.find((result) => result.seq === seq);
  return kept ? { kind: 'kept', reply: kept.reply } : refusedWith(refusal('stale'));
}

function refusedWith(why: Refusal): Answer {
  return { kind: 'refused', refusal: why };
}

/** Time never goes back within a call, whichever node's clock is behind. */
function monotonic(now: number, calls: readonly Call[]): number {
  return calls.reduce((latest, call) => Math.max(latest, call.changedAt), now);
}

function stepOf(order: Order, plan: Plan, snapshot: Snapshot, now: number): Step | undefined {
  const changes = [plan.calls, plan.lines, plan.records, plan.inbox].some((part) => part?.length);
  if (!changes && !plan.device) return undefined;
  const device = deviceAfter(order, plan, snapshot);
  return {
    at: now,
    cause: order.cause,
    calls: plan.calls ?? [],
    lines: plan.lines ?? [],
    expect: plan.expect ?? [],
    devices: device ? [device] : [],
    records: plan.records ?? [],
    inbox: plan.inbox ?? [],
  };
}

/** The acting device one version on, with the answer kept when the order was a command of its. */
function deviceAfter({ seq }: Order, plan: Plan, { actor }: Snapshot): Device | undefined {
  const device = plan.device ?? (seq === undefined ? undefined : actor);
  if (!actor || !device) return undefined;
  const moved = { ...device, version: actor.version + 1 };
  // What was refused changed nothing of the device's doing: repeated, it is decided anew.
  if (seq === undefined || plan.answer.kind !== 'reply') return moved;
  const kept = { seq, reply: JSON.stringify(plan.answer.reply) };
  return { ...moved, lastSeq: seq, results: [...actor.results, kept].slice(-KEPT_RESULTS) };
}

/** Who caused a step that no user did. */
export function causeOf(type: string, by?: Actor): Step['cause'] {
  return by === undefined ? { type } : { type, by };
}
