import type { Authenticator } from './auth/authenticator.ts';
import type { CallPolicy } from './calls/call-policy.ts';
import { PERMISSIVE } from './calls/call-policy.ts';
import { CallService, datedCalls } from './calls/call-service.ts';
import { Signals } from './calls/signals.ts';
import type { CallId } from '@ringline/protocol';
import { deadlineOf } from '@ringline/call';
import type { Call } from '@ringline/call';
import type { MachineClock, Timer } from './clock.ts';
import type { Bus, Delivery } from './cluster/bus.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Services } from './gateway/services.ts';
import type { Socket, SocketEvents } from './gateway/socket.ts';
import { HeartbeatRounds } from './gateway/heartbeat-rounds.ts';
import { UserBudgets } from './gateway/user-budgets.ts';
import type { IceServersOf } from './ice/ice-servers.ts';
import { NO_ICE_SERVERS } from './ice/ice-servers.ts';
import { InboxService } from './inbox/inbox-service.ts';
import type { Retention, RetentionParts } from './inbox/retention.ts';
import { InboxRetention } from './inbox/retention.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { PreCall } from './pre-call/pre-call.ts';
import type { PreCallParts } from './pre-call/pre-call.ts';
import { QualityService } from './quality/quality-service.ts';
import type { Voice } from './prompts/voice.ts';
import { SILENT_VOICE } from './prompts/voice.ts';
import { WatchedUsers } from './presence/watched-users.ts';
import type { Randomness } from './randomness.ts';
import { randomName } from './randomness.ts';
import { CallRetention } from './records/call-retention.ts';
import type { CallRetentionLimits } from './records/call-retention.ts';
import { MissedCalls } from './records/missed-calls.ts';
import { DeviceRetention } from './registrar/device-retention.ts';
import type { DeviceRetentionLimits } from './registrar/device-retention.ts';
import { DevicesHere } from './registrar/devices-here.ts';
import { Lease } from './registrar/lease.ts';
import { LookAgain } from './registrar/look-again.ts';
import { refreshGraces } from './registrar/recovery.ts';
import { Registrar } from './registrar/registrar.ts';
import { WaitingSwitch } from './registrar/waiting-switch.ts';
import { Rtm } from './rtm/rtm.ts';
import { Announcer } from './steps/announcer.ts';
import { Deadlines } from './steps/deadlines.ts';
import { StepRunner } from './steps/step-runner.ts';
import { SILENT_TELLER } from './steps/teller.ts';
import { StoreClock } from './store-clock.ts';
import type { Duty } from './store/leases.ts';
import type { Store } from './store/store.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import type { WebhookParts } from './webhooks/webhooks.ts';

/** The world as a node meets it. */
export interface Surroundings {
  readonly authenticator: Authenticator;
  readonly bus: Bus;
  readonly clock: MachineClock;
  /** What devices are told of STUN and TURN; absent: that there is none. */
  readonly iceServers?: IceServersOf;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What users may do in calls; absent: everything. */
  readonly policy?: CallPolicy;
  /** Whom the server asks before each call, and by what way; absent: nobody. */
  readonly preCall?: Pick<PreCallParts, 'outbound' | 'settings'>;
  readonly randomness: Randomness;
  /** How much of inboxes is kept; absent: everything. */
  readonly retention?: Retention;
  /** How long calls that are over are kept, and their logs; absent: for ever. */
  readonly callRetention?: CallRetentionLimits;
  /** How long devices that are gone are known; absent: for ever. */
  readonly deviceRetention?: DeviceRetentionLimits;
  readonly store: Store;
  /** Whether a caller hears this server's ringing tone, of a server with a voice. */
  readonly hasRingback?: boolean;
  /** How the server speaks to its devices; absent: not at all. */
  readonly voice?: Voice;
  /** Over which time its devices are asked to go elsewhere, in milliseconds; DRAIN_SPREAD_MS when absent. */
  readonly drainSpreadMs?: number;
  /** How customers' servers are told of what happens; absent: not at all. */
  readonly webhooks?: Pick<WebhookParts, 'configured' | 'keepMs' | 'outbound'>;
  /** No other process uses the store, so whatever was bound at the start is lost. */
  readonly ownsStore: boolean;
}

/** Idle users' budgets are forgotten this often. */
export const SWEEP_BUDGETS_MS = 60_000;

/** One server without its HTTP: everything between a socket and the store. */
export class RinglineNode {
  /** What each user may still ask, over whichever door. */
  readonly budgets: UserBudgets;
  /** How customers' servers are told of what happens; undefined when they are not. */
  readonly webhooks: Webhooks | undefined;
  readonly #around: Surroundings;
  readonly #clock: StoreClock;
  readonly #incarnation: string;
  readonly #calls: CallService;
  readonly #deadlines: Deadlines<CallId>;
  readonly #lease: Lease;
  readonly #lookAgain: LookAgain;
  readonly #gateway: Gateway;
  readonly #heartbeatRounds: HeartbeatRounds;
  readonly #retention: readonly (InboxRetention | CallRetention | DeviceRetention)[];
  readonly #rtm: Rtm;
  readonly #steps: StepRunner;
  /** Decides before this node has its lease, where no node has one. */
  readonly #recoverySteps: StepRunner;
  #sweeper: Timer | undefined;
  #serves = false;

  constructor(around: Surroundings) {
    const { authenticator, bus, log, metrics, randomness, store } = around;
    const clock = new StoreClock(around.clock);
    this.#around = around;
    this.#clock = clock;
    const incarnation = (this.#incarnation = randomName(randomness));
    const announcer = new Announcer(bus);
    const duty = (of: Duty) => () => this.#lease.hasDuty(of);
    const forgets = duty('forget-events');
    this.webhooks =
      around.webhooks &&
      new Webhooks({ clock, forgets, log, metrics, randomness, store, ...around.webhooks });
    const teller = this.webhooks ?? SILENT_TELLER;
    const deciding = { store, clock, announcer, teller, metrics, log };
    const mayAct = () => this.#lease.isHeld;
    const steps = (this.#steps = new StepRunner({ ...deciding, mayAct }));
    this.#recoverySteps = new StepRunner({ ...deciding, mayAct: () => true });
    this.#calls = new CallService(steps);
    this.#deadlines = new Deadlines(datedCalls(store, this.#calls), { clock, log, mayAct });
    announcer.onCall((call) => this.#watch(call));
    this.#retention = this.#retentionBy((of) => ({ ...deciding, isOurs: duty(of) }));
    this.budgets = new UserBudgets({ bus, clock, incarnation });
    const registrar = new Registrar(this.#calls, bus, randomness, incarnation);
    const lease = (this.#lease = new Lease({ ...deciding, registrar, incarnation }));
    this.#rtm = new Rtm({ announcer, bus, clock, lease, log, metrics, registrar, steps, store });
    const devices = new DevicesHere(bus, (delivery) => this.#hear(delivery));
    const watched = new WatchedUsers({ bus, clock, log, store });
    const followers = [watched, this.#rtm.channelsHere];
    this.#lookAgain = new LookAgain({ bus, clock, devices, followers, log, randomness });
    const services: Services = {
      authenticator,
      budgets: this.budgets,
      calls: this.#calls,
      clock,
      devices,
      heartbeatRounds: (this.#heartbeatRounds = new HeartbeatRounds(clock, store)),
      iceServers: around.iceServers ?? NO_ICE_SERVERS,
      inbox: new InboxService(steps, store, randomness),
      lease: this.#lease,
      log,
      metrics,
      policy: around.policy ?? PERMISSIVE,
      missed: new MissedCalls(steps),
      ...(around.preCall && { preCall: new PreCall({ ...around.preCall, clock, log, metrics }) }),
      quality: new QualityService(steps, metrics),
      randomness,
      registrar,
      rtm: this.#rtm,
      signals: new Signals(store, bus),
      speech: { voice: around.voice ?? SILENT_VOICE, hasRingback: around.hasRingback ?? false },
      store,
      waiting: new WaitingSwitch(steps),
      watched,
    };
    this.#gateway = new Gateway(services, around.drainSpreadMs);
    this.#followLease();
  }

  #followLease(): void {
    this.#lease.watchedBy(this.#gateway.leaseWatch);
    this.#lease.onLapse(() => this.#gateway.closeAll('leaving'));
    this.#lease.onAlone(() => this.#recover());
  }

  /** Takes its lease, takes up what a former run left, and serves; throws when the store is away. */
  async start(): Promise<void> {
    const { store, ownsStore } = this.#around;
    await this.#clock.start(store);
    // Before anything happens of which somebody is to be told.
    await this.webhooks?.start(ownsStore);
    const now = this.#clock.now();
    if (ownsStore) await store.endOtherLeases(this.#incarnation, now);
    // Several nodes that start at once may all do it: what is fresh stays fresh.
    if (!(await store.hasLease(now))) await this.#recover();
    await this.#lease.start();
    // Nobody else can hold a device; of other nodes it is not known before they could have renewed their leases.
    if (ownsStore) await this.#lease.sweep();
    this.#deadlines.start();
    this.#lookAgain.start();
    this.#rtm.start();
    for (const each of this.#retention) each.start();
    this.#sweepBudgets();
    this.#serves = true;
  }

  /** Whether it takes new connections: without its lease it could greet nobody. */
  get serves(): boolean {
    return this.#serves && this.#lease.isHeld;
  }

  /** Takes a new socket. */
  accept(socket: Socket): SocketEvents {
    return this.#gateway.accept(socket);
  }

  /** Stops taking connections, asks its devices to go, spread over time, and lets go of those that stay. */
  async drain(): Promise<void> {
    this.#serves = false;
    await this.#gateway.drain();
  }

  /** Ends every timer and socket; the store and the bus are whose who opened them. */
  async stop(): Promise<void> {
    this.#serves = false;
    this.#deadlines.stop();
    this.#steps.stop();
    this.#lookAgain.stop();
    this.#rtm.stop();
    this.webhooks?.stop();
    for (const each of this.#retention) each.stop();
    this.#sweeper?.cancel();
    this.budgets.stop();
    this.#gateway.closeAll('leaving');
    this.#heartbeatRounds.stop();
    this.#lease.stop();
    await this.#lease.idle();
    await this.#lease.end();
  }

  /** No node was there for a while, so nobody could come back to one. */
  async #recover(): Promise<void> {
    const calls = new CallService(this.#recoverySteps);
    await refreshGraces(this.#around.store, calls, (call) => this.#watch(call));
    await this.#rtm.recover(this.#recoverySteps);
  }

  #watch(call: Call): void {
    this.#deadlines.watch(call.id, deadlineOf(call), call.version);
  }

  /** What another node has committed has its deadlines there. */
  #hear(delivery: Delivery): void {
    if (delivery.kind === 'call') {
      this.#steps.hear(delivery.call);
      this.#deadlines.passOn(delivery.call.id, delivery.call.version);
    }
    if (delivery.kind === 'invitation') this.#rtm.passOn(delivery.invitation);
  }

  /** What removes what need not be kept, each kind on the node that has the duty. */
  #retentionBy(
    partsOf: (duty: Duty) => RetentionParts & Pick<Surroundings, 'store'>,
  ): readonly (InboxRetention | CallRetention | DeviceRetention)[] {
    const { callRetention, deviceRetention = {}, retention = {} } = this.#around;
    const eventMs = () => this.webhooks?.keptMs ?? 0;
    return [
      new InboxRetention(partsOf('remove-items'), retention),
      new CallRetention(partsOf('forget-calls'), { eventMs, ...callRetention }),
      new DeviceRetention(partsOf('forget-devices'), deviceRetention),
    ];
  }

  #sweepBudgets(): void {
    this.budgets.sweep();
    this.#sweeper = this.#clock.after(SWEEP_BUDGETS_MS, () => this.#sweepBudgets());
  }
}
