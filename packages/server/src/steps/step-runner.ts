import type { Call, Invitation, Line } from '@ringline/call';
import type { CallRecord } from '@ringline/protocol';
import { KEPT_RESULTS, refusal } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type {
  CallQuality,
  Device,
  KeptResult,
  NewInboxItem,
  ReadMark,
  Scope,
  SeenCalls,
  Snapshot,
  Step,
  Store,
} from '../store/store.ts';
import { StoreFault } from '../store/store.ts';
import { deviceVersionAfter } from '../store/device-version.ts';
import type { NewAttributes } from '../store/rtm.ts';
import type { Answer } from './answer.ts';
import { refusedWith } from './answer.ts';
import type { Announcer } from './announcer.ts';
import { ByHeart } from './by-heart.ts';
import { OneByOne } from './one-by-one.ts';
import type { Changes, Teller } from './teller.ts';

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
  readonly reads?: readonly ReadMark[];
  readonly quality?: readonly CallQuality[];
  readonly seen?: readonly SeenCalls[];
  readonly invitations?: readonly Invitation[];
  readonly attributes?: readonly NewAttributes[];
}

/** Where a device's command comes from. */
export interface RequestOrigin {
  readonly seq: number;
  /** The connection that brought it: one that was replaced has nothing to say any more. */
  readonly connection: string;
}

/** One thing to do. */
export interface Order {
  readonly cause: Step['cause'];
  readonly scope: Scope;
  /** Of a command of the acting device; absent for everything else. */
  readonly request?: RequestOrigin;
  /** Called again on a fresh snapshot when another step was first. */
  readonly plan: (snapshot: Snapshot, now: number) => Plan;
}

/** What is answered once the changes are committed; without changes nothing is. */
interface Decision {
  readonly answer: Answer;
  readonly changes: Changes | undefined;
  /** On which it was decided. */
  readonly snapshot: Snapshot;
}

/** Told to the log; the device hears `unavailable`. */
const LEASE_LOST =
  'this node could not renew its lease in the store, and decides nothing until it has';

/** Lost races in a row after which something is wrong with the store, not with luck. */
export const MAX_ATTEMPTS = 50;
/** A store may go on with a commit whose connection broke for as long as it lets any statement run, and that in its answer's way. */
export const UNTOLD_MS = 12_000;
/** When to come back after that. */
const RETRY_AFTER_MS = 500;

/**
 * The one way in which anything durable happens: load, plan, one commit, then tell. What this node knows by heart
 * need not be loaded, where the commit finds out whether it still is so.
 * A command that was done already gets its kept answer; one that lost a race is planned again.
 */
export class StepRunner {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #announcer: Announcer;
  readonly #teller: Teller;
  readonly #mayAct: () => boolean;
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #byHeart = new ByHeart();
  readonly #oneByOne = new OneByOne();
  #era: number | undefined;
  /** A commit had no answer, and since then there was none that had. */
  #isUntold = false;
  /** Until a commit without an answer is done or never. */
  #untold: Timer | undefined;

  constructor(parts: {
    store: Store;
    clock: Clock;
    announcer: Announcer;
    teller: Teller;
    metrics: Metrics;
    log: Log;
    /** Whether this node may decide anything: only while it counts as alive. */
    mayAct: () => boolean;
  }) {
    this.#mayAct = parts.mayAct;
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#announcer = parts.announcer;
    this.#teller = parts.teller;
    this.#metrics = parts.metrics;
    this.#log = parts.log;
  }

  /** Resolves once what was done is durable; throws StoreFault when the store is away. */
  run(order: Order): Promise<Answer> {
    const { call } = order.scope;
    // What the two devices of a call say at once would be decided on the same, and one of them again.
    return call === undefined ? this.#run(order) : this.#oneByOne.run(call, () => this.#run(order));
  }

  async #run(order: Order): Promise<Answer> {
    let tried: Snapshot | undefined;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (!this.#mayAct()) throw new StoreFault(LEASE_LOST, undefined);
      const recalled = this.#recall(order.scope, tried);
      tried = recalled ?? tried;
      const byHeart = recalled && guarded(this.#decide(order, recalled));
      const { answer, changes, snapshot } =
        byHeart ?? this.#decide(order, await this.#load(order.scope));
      if (!changes || (await this.#committed(changes, snapshot))) return answer;
      this.#metrics.raceLost();
    }
    return refusedWith(refusal('unavailable', { retryAfterMs: RETRY_AFTER_MS }));
  }

  /** Does nothing more by itself. */
  stop(): void {
    this.#untold?.cancel();
  }

  /** Hears what another node has committed. */
  hear(call: Call): void {
    this.#byHeart.hear(call);
  }

  #recall(scope: Scope, tried: Snapshot | undefined): Snapshot | undefined {
    const { era } = this.#store;
    if (era !== this.#era) this.#byHeart.forget();
    this.#era = era;
    return this.#byHeart.recall(scope, tried);
  }

  async #load(scope: Scope): Promise<Snapshot> {
    const { era } = this.#store;
    const snapshot = await this.#store.load(scope);
    // What was asked of one server and came after another had taken its place is of neither.
    if (era === this.#store.era) this.#byHeart.read(snapshot);
    return snapshot;
  }

  /** What comes of the order where the world is as the snapshot has it; nothing is done yet. */
  #decide(order: Order, snapshot: Snapshot): Decision {
    const before = alreadyDone(snapshot.actor, order.request);
    if (before) return { answer: before, changes: undefined, snapshot };
    const now = this.#clock.now();
    const plan = order.plan(snapshot, now);
    const changes = changesOf(order, plan, snapshot, now);
    return { answer: plan.answer, changes, snapshot };
  }

  /** What the answer would be if no call or bare invitation changed by it; undefined when one would. Commits nothing. */
  async foresee(order: Order): Promise<Answer | undefined> {
    const snapshot = await this.#store.load(order.scope);
    const before = alreadyDone(snapshot.actor, order.request);
    if (before) return before;
    const { answer, calls = [], invitations = [] } = order.plan(snapshot, this.#clock.now());
    return answer.kind === 'refused' || calls.length + invitations.length === 0
      ? answer
      : undefined;
  }

  async #committed(changes: Changes, snapshot: Snapshot): Promise<boolean> {
    const step = { ...changes, events: this.#teller.eventsOf(snapshot, changes) };
    const startedAt = this.#clock.now();
    const { era } = this.#store;
    const committed = await this.#store.commit(step).catch((error: unknown) => {
      if (error instanceof StoreFault && error.mayBeDone) this.#noteUntold();
      throw error;
    });
    if (!committed.moved) return false;
    // What one server committed while another took its place may be lost there.
    if (era === this.#store.era) this.#byHeart.committed(step);
    if (this.#isUntold) this.#tellOfGap();
    this.#metrics.stepCommitted(this.#clock.now() - startedAt);
    this.#announcer.announce(step.calls, committed.inbox);
    if (step.events.length > 0) this.#teller.committed();
    this.#announcer.announceRevised(committed.revised);
    this.#announcer.announceMissed(step);
    this.#announcer.announceLogins(step.devices, snapshot.actor?.login);
    if (step.invitations) this.#announcer.announceInvitations(step.invitations);
    for (const record of step.records) this.#noteEnd(record);
    return true;
  }

  /** It may be committed all the same, or be so soon, and then nobody was told. */
  #noteUntold(): void {
    this.#isUntold = true;
    this.#untold ??= this.#clock.after(UNTOLD_MS, () => {
      this.#untold = undefined;
      this.#tellOfGap();
    });
  }

  #tellOfGap(): void {
    this.#isUntold = false;
    this.#announcer.announceGap();
  }

  #noteEnd({ call, roomId, caller, callee, reason, status }: CallRecord): void {
    this.#metrics.callEnded(reason);
    this.#log.info({ call, roomId, caller, callee, reason, status }, 'call ended');
  }
}

/** The kept answer of a repeated command, `stale` for one that comes too late, or undefined for a new one. */
function alreadyDone(
  device: Device | undefined,
  request: RequestOrigin | undefined,
): Answer | undefined {
  if (!device || !request) return undefined;
  const bound = device.binding?.connection;
  if (bound !== undefined && bound !== request.connection) return refusedWith(refusal('stale'));
  const kept = device.results.find((result) => result.seq === request.seq);
  if (kept) return { kind: 'kept', reply: kept.reply };
  // Every command done above the lowest kept result is kept: one that is not was never done.
  const lowest = device.results.length < KEPT_RESULTS ? undefined : device.results[0];
  return lowest && request.seq < lowest.seq ? refusedWith(refusal('stale')) : undefined;
}

function changesOf(order: Order, plan: Plan, snapshot: Snapshot, now: number): Changes | undefined {
  const parts = [
    plan.calls,
    plan.lines,
    plan.records,
    plan.inbox,
    plan.reads,
    plan.quality,
    plan.seen,
    plan.invitations,
    plan.attributes,
  ];
  const changes = parts.some((part) => part?.length);
  if (!changes && !plan.device) return undefined;
  const device = deviceAfter(order, plan, snapshot, now);
  return {
    at: now,
    cause: order.cause,
    calls: plan.calls ?? [],
    lines: plan.lines ?? [],
    expect: plan.expect ?? [],
    devices: device ? [device] : [],
    records: plan.records ?? [],
    inbox: plan.inbox ?? [],
    reads: plan.reads ?? [],
    quality: plan.quality ?? [],
    seen: plan.seen ?? [],
    ...(plan.invitations && { invitations: plan.invitations }),
    ...(plan.attributes && { attributes: plan.attributes }),
  };
}

/**
 * The decision, with guards for all that it was made on; undefined where the commit would not find out that something
 * of it has changed meanwhile: it changes nothing, or a call stays as it is, or who acts.
 */
function guarded(decision: Decision): Decision | undefined {
  const { answer, changes, snapshot } = decision;
  // What was done stays done.
  if (answer.kind === 'kept') return decision;
  if (!changes) return undefined;
  const { calls, lines, actor } = snapshot;
  const isGuarded = calls.every(({ id }) => changes.calls.some((call) => call.id === id));
  if (!isGuarded || (actor && changes.devices.length === 0)) return undefined;
  const users = new Set([...changes.lines, ...changes.expect].map(({ user }) => user));
  const others = lines.filter(({ user }) => !users.has(user));
  return { ...decision, changes: { ...changes, expect: [...changes.expect, ...others] } };
}

/** The acting device one version on, with the answer kept when the order was a command of its. */
function deviceAfter(
  { request }: Order,
  plan: Plan,
  { actor }: Snapshot,
  now: number,
): Device | undefined {
  const device = plan.device ?? (request ? actor : undefined);
  if (!actor || !device) return undefined;
  const moved = { ...device, version: deviceVersionAfter(actor.version, now) };
  // What was refused changed nothing of the device's doing: repeated, it is decided anew.
  if (!request || plan.answer.kind !== 'reply') return moved;
  const kept = { seq: request.seq, reply: JSON.stringify(plan.answer.reply) };
  const lastSeq = Math.max(actor.lastSeq, request.seq);
  return { ...moved, lastSeq, results: withResult(actor.results, kept) };
}

/** The results with the highest numbers, in their order. */
function withResult(results: readonly KeptResult[], kept: KeptResult): readonly KeptResult[] {
  const behind = results.findIndex((result) => result.seq > kept.seq);
  const at = behind === -1 ? results.length : behind;
  return results.toSpliced(at, 0, kept).slice(-KEPT_RESULTS);
}
