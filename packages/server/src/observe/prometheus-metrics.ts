import {
  CLOSE,
  END_REASONS,
  INVITATION_FAILURES,
  INVITATION_STATES,
  REFUSALS,
} from '@ringline/protocol';
import type {
  DeviceMessage,
  EndReason,
  InvitationFailure,
  InvitationState,
  RefusalCode,
} from '@ringline/protocol';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { PRE_CALL_OUTCOMES } from '../pre-call/outcome.ts';
import type { PreCallOutcome } from '../pre-call/outcome.ts';
import { BUS_OUTCOMES, WEBHOOK_OUTCOMES } from './metrics.ts';
import type { BusMetrics, BusOutcome, Metrics, VoiceMetrics, WebhookOutcome } from './metrics.ts';

/** What Prometheus fetches. */
export interface Scrape {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Any value outside its closed list: a label must never grow with what strangers send. */
const OTHER = 'other';

const MESSAGE_TYPES: Readonly<Record<DeviceMessage['type'], true>> = {
  hello: true,
  invite: true,
  ring: true,
  accept: true,
  refuse: true,
  cancel: true,
  end: true,
  connected: true,
  hold: true,
  resume: true,
  swap: true,
  'request-video': true,
  'answer-video': true,
  'remove-video': true,
  'report-quality': true,
  'see-calls': true,
  declare: true,
  signal: true,
  send: true,
  history: true,
  read: true,
  'renew-token': true,
  'renew-ice': true,
  watch: true,
  'query-presence': true,
  'set-call-waiting': true,
  'answer-voice': true,
  'stop-voice': true,
  acknowledge: true,
  heartbeat: true,
  'rtm-invite': true,
  'rtm-receive': true,
  'rtm-accept': true,
  'rtm-confirm': true,
  'rtm-refuse': true,
  'rtm-cancel': true,
  'rtm-send': true,
  'rtm-got': true,
  'rtm-set-attributes': true,
  'rtm-get-attributes': true,
  'rtm-join': true,
  'rtm-leave': true,
  'rtm-members': true,
  'rtm-count': true,
  'rtm-publish': true,
  'rtm-ping': true,
};

/** RFC 6455 §7.4.1, those that a server meets. */
const STANDARD_CLOSE_CODES = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1011];
const OUR_CLOSE_CODES = Object.values(CLOSE).map((close) => close.code);
const CLOSE_CODES = [...STANDARD_CLOSE_CODES, ...OUR_CLOSE_CODES].map(String);

const FINAL: ReadonlySet<InvitationState> = new Set<InvitationState>([
  'accepted',
  'refused',
  'cancelled',
]);
/** The final states; `failed` says why instead. */
const INVITATION_OUTCOMES = [
  ...INVITATION_STATES.filter((state) => FINAL.has(state)),
  ...INVITATION_FAILURES,
];

const FAULT_CODES = ['store-unavailable', 'internal'];

/** From a tenth of a millisecond, SQLite's best, to a second, where devices are told `unavailable`. */
const COMMIT_BUCKETS_SECONDS = [
  0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
];

/** From a server next door to the longest time limit. */
const PRE_CALL_BUCKETS_SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4];

/** The bounds of ITU-T G.109, Table 1, among them, as scores: 3.10, 3.60, 4.03 and 4.34 for R = 60 … 90. */
const MOS_BUCKETS = [1.5, 2, 2.58, 3.1, 3.6, 4.03, 4.2, 4.34, 4.5];
const PATHS = ['relay', 'direct', OTHER];

/** The metrics for Prometheus, in a registry of their own, with those of the process. */
export class PrometheusMetrics implements Metrics, VoiceMetrics, BusMetrics, Scrape {
  readonly #registry = new Registry();
  readonly #open = new Gauge({
    name: 'ringline_connections',
    help: 'Open WebSocket connections.',
    registers: [this.#registry],
  });
  readonly #most = new Gauge({
    name: 'ringline_connections_max',
    help: 'So many WebSocket connections are taken at once (MAX_CONNECTIONS).',
    registers: [this.#registry],
  });
  readonly #leaseHeld = new Gauge({
    name: 'ringline_lease_held',
    help: '1 while this server holds its lease in the store; 0 while it does not, and does nothing for its devices.',
    registers: [this.#registry],
  });
  readonly #oldestWebhook = new Gauge({
    name: 'ringline_webhooks_oldest_seconds',
    help: 'How long ago the oldest event happened that waits for an endpoint, as looked at twice a minute; 0 when none waits.',
    registers: [this.#registry],
  });
  readonly #commits = new Histogram({
    name: 'ringline_step_commit_seconds',
    help: 'Time from handing a step to the store until it is durable.',
    buckets: COMMIT_BUCKETS_SECONDS,
    registers: [this.#registry],
  });
  readonly #scores = new Histogram({
    name: 'ringline_call_mos',
    help: 'Mean opinion score of calls that are over as each side received it, 1 to 4.5, by path.',
    labelNames: ['path'],
    buckets: MOS_BUCKETS,
    registers: [this.#registry],
  });
  readonly #questions = new Histogram({
    name: 'ringline_pre_call_seconds',
    help: 'Time that the server asked before a call took, by what came of it.',
    labelNames: ['outcome'],
    buckets: PRE_CALL_BUCKETS_SECONDS,
    registers: [this.#registry],
  });
  readonly #races = new Counter({
    name: 'ringline_races_lost_total',
    help: 'Steps that were decided again because another one came first.',
    registers: [this.#registry],
  });
  readonly #listeners = new Gauge({
    name: 'ringline_voice_listeners',
    help: 'Devices that hear the server’s voice.',
    registers: [this.#registry],
  });
  readonly #voiceRestarts = new Counter({
    name: 'ringline_voice_restarts_total',
    help: 'Starts of the voice’s process in place of one that ended.',
    registers: [this.#registry],
  });
  readonly #busConnected = new Gauge({
    name: 'ringline_bus_connected',
    help: '1 while the bus to other nodes is connected; 0 while it is not, and without one.',
    registers: [this.#registry],
  });
  readonly #busGaps = new Counter({
    name: 'ringline_bus_gaps_total',
    help: 'Times at which deliveries of other nodes may have been lost and devices looked again.',
    registers: [this.#registry],
  });
  readonly #busCarried = this.#counted('bus_deliveries', 'outcome', BUS_OUTCOMES);
  readonly #closed = this.#counted('connections_closed', 'code', CLOSE_CODES);
  readonly #received = this.#counted('messages_received', 'type', Object.keys(MESSAGE_TYPES));
  readonly #refused = this.#counted('messages_refused', 'code', Object.keys(REFUSALS));
  readonly #ended = this.#counted('calls_ended', 'reason', END_REASONS);
  readonly #invitations = this.#counted('invitations_ended', 'outcome', INVITATION_OUTCOMES);
  readonly #webhooks = this.#counted('webhooks', 'outcome', WEBHOOK_OUTCOMES);
  readonly #faults = this.#counted('faults', 'code', FAULT_CODES);

  /** Of a server that takes so many connections. */
  constructor(maxConnections = Infinity) {
    this.#most.set(maxConnections);
    collectDefaultMetrics({ register: this.#registry });
    for (const path of PATHS) this.#scores.zero({ path });
    for (const outcome of PRE_CALL_OUTCOMES) this.#questions.zero({ outcome });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  connectionOpened(): void {
    this.#open.inc();
  }

  connectionClosed(code: number): void {
    this.#open.dec();
    this.#closed(String(code));
  }

  messageReceived(type: string): void {
    this.#received(type);
  }

  messageRefused(code: RefusalCode): void {
    this.#refused(code);
  }

  callEnded(reason: EndReason): void {
    this.#ended(reason);
  }

  invitationEnded(outcome: InvitationState | InvitationFailure): void {
    this.#invitations(outcome);
  }

  callRated(mos: number, relayed: boolean | undefined): void {
    const path = relayed === undefined ? OTHER : relayed ? 'relay' : 'direct';
    this.#scores.observe({ path }, mos);
  }

  preCallAsked(outcome: PreCallOutcome, milliseconds: number): void {
    this.#questions.observe({ outcome }, milliseconds / 1000);
  }

  stepCommitted(milliseconds: number): void {
    this.#commits.observe(milliseconds / 1000);
  }

  raceLost(): void {
    this.#races.inc();
  }

  leaseHeld(isHeld: boolean): void {
    this.#leaseHeld.set(isHeld ? 1 : 0);
  }

  faultMet(code: string): void {
    this.#faults(code);
  }

  webhookAttempted(outcome: WebhookOutcome): void {
    this.#webhooks(outcome);
  }

  webhooksWait(milliseconds: number): void {
    this.#oldestWebhook.set(milliseconds / 1000);
  }

  listenerOpened(): void {
    this.#listeners.inc();
  }

  listenerClosed(): void {
    this.#listeners.dec();
  }

  voiceRestarted(): void {
    this.#voiceRestarts.inc();
  }

  busConnected(isConnected: boolean): void {
    this.#busConnected.set(isConnected ? 1 : 0);
  }

  busCarried(outcome: BusOutcome): void {
    this.#busCarried(outcome);
  }

  busGap(): void {
    this.#busGaps.inc();
  }

  /** Counts by one label from a closed list; every series is there, at zero, from the start. */
  #counted(name: string, label: string, values: readonly string[]): (value: string) => void {
    const counter = new Counter({
      name: `ringline_${name}_total`,
      help: `${name.replaceAll('_', ' ')}, by ${label}.`,
      labelNames: [label],
      registers: [this.#registry],
    });
    const series = new Map([...values, OTHER].map((v) => [v, counter.labels(v)]));
    for (const one of series.values()) one.inc(0);
    return (value) => (series.get(value) ?? series.get(OTHER))?.inc();
  }
}
