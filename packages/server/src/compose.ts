import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { authenticatorOf, mintOf } from './auth/from-config.ts';
import { DEFAULT_TTL_SECONDS, mintToken } from './auth/mint.ts';
import type { Running } from './cli/world.ts';
import { Closers } from './closers.ts';
import type { Clock, MachineClock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Bus } from './cluster/bus.ts';
import { InProcessBus } from './cluster/in-process-bus.ts';
import { natsBus } from './cluster/nats-bus.ts';
import { postgresBus } from './cluster/postgres-bus.ts';
import type { WireBusParts } from './cluster/wire-bus.ts';
import { WsUpgrade } from './gateway/ws-upgrade.ts';
import { createApp } from './http/app.ts';
import type { AppParts } from './http/app.ts';
import { closeApp } from './http/close.ts';
import type { MintDevToken } from './http/dev-token.ts';
import { operatorBy } from './http/operator.ts';
import { allowedOrigins } from './http/origins.ts';
import { ReadinessFlag } from './http/readiness.ts';
import { iceServers } from './ice/ice-servers.ts';
import { LEASE_MS } from './registrar/lease.ts';
import { createLog } from './observe/pino-log.ts';
import type { Log } from './observe/log.ts';
import { PrometheusMetrics } from './observe/prometheus-metrics.ts';
import { RinglineNode } from './node.ts';
import type { Surroundings } from './node.ts';
import { HttpOutbound } from './outbound/http-outbound.ts';
import type { HttpOutboundParts } from './outbound/http-outbound.ts';
import { onceAtATime } from './outbound/lookups.ts';
import { EngineVoice } from './prompts/engine-voice.ts';
import type { VoicePorts } from './prompts/engine-voice.ts';
import { forkEngine } from './prompts/forked-engine.ts';
import { loadSounds } from './prompts/sounds.ts';
import { openPostgresStore } from './store/postgres/store.ts';
import { openTransferTarget } from './store/postgres/transfer-target.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import { openTransferSource } from './store/sqlite/transfer-source.ts';
import type { Store } from './store/store.ts';
import { transfer } from './store/transfer.ts';
import type { TransferProgress } from './store/transfer.ts';
import { SystemClock } from './system-clock.ts';
import { SystemRandomness } from './system-randomness.ts';
import { Operator } from './webhooks/operator.ts';
import type { OperatorParts } from './webhooks/operator.ts';

/** Parts that tests and other hosts put in the place of the usual ones. */
export interface Replacements {
  readonly clock?: MachineClock;
  readonly store?: Store;
  readonly log?: Log;
  readonly pages?: string;
}

const PAGES = fileURLToPath(new URL('../../../apps/softphone/dist', import.meta.url));

/** The store that the configuration names, brought to its newest shape; throws StoreFault when it cannot be opened. */
export async function openStore({
  dataDir,
  databaseUrl,
}: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<Store> {
  if (databaseUrl !== undefined) return openPostgresStore(databaseUrl);
  return openSqliteStore(fileIn(dataDir));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'ringline.db');
}

/** Copies everything from the one store that a configuration may name into the other; how many rows. */
export async function transferStore(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  tell: (progress: TransferProgress) => void,
): Promise<number> {
  assert(databaseUrl !== undefined, 'the command asks for it');
  const source = openTransferSource(fileIn(dataDir));
  try {
    const target = await openTransferTarget(databaseUrl);
    try {
      return await transfer(source, target, tell);
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

/** Builds the server and starts it; the only place that names implementations. */
export async function compose(config: Config, replaced: Replacements = {}): Promise<Running> {
  const clock = replaced.clock ?? new SystemClock();
  const metrics = new PrometheusMetrics(config.maxConnections);
  const readiness = new ReadinessFlag();
  const log = replaced.log ?? createLog(config.logLevel);
  const authenticator = authenticatorOf(config.tokens, clock);
  const allowsOrigin = allowedOrigins(config.mode, config.allowedOrigins);
  const running = new Closers(log);
  try {
    const store = replaced.store ?? (await openStore(config));
    running.add(() => store.close());

    const randomness = new SystemRandomness();
    const { bus, isConnected } = await busOf(config, { clock, log, metrics, randomness }, running);
    const voice = voiceOf(config, { clock, log, metrics });
    voice?.start();
    running.add(async () => voice?.stop());
    const parts = { authenticator, bus, clock, log, metrics, randomness, store };
    const resolve = onceAtATime();
    const preCall = preCallOf(config, { clock, resolve }, running);
    const around = { ...parts, ...preCall, ...(voice && { voice }) };
    const { drain, maxConnections, policy } = config;
    const webhooks = webhooksOf(config, { clock, resolve }, running);
    const node = new RinglineNode({
      ...around,
      webhooks,
      iceServers: iceServers(config.ice, clock),
      ownsStore: config.databaseUrl === undefined,
      ...asSet(config),
    });

    const shared = { store, authenticator, readiness, allowsOrigin, log };
    const app = createApp({
      ...shared,
      scrape: metrics,
      ...(isConnected && { isBusConnected: isConnected }),
      pages: replaced.pages ?? PAGES,
      budgets: node.budgets,
      policy,
      ...operatorOf(node, config, { ...parts, outbound: webhooks.outbound }),
      ...devTokens(config, clock),
    });
    running.add(() => closeApp(app, clock));
    const upgrade = new WsUpgrade(app.server, { ...shared, maxConnections });
    running.add(() => upgrade.close());
    await app.listen({ host: config.host, port: config.port });

    running.add(() => node.stop());
    await node.start();

    upgrade.open((socket) => node.accept(socket));
    readiness.ready(() => (node.serves ? undefined : NO_LEASE));
    running.add(() => node.drain());
    running.add(() => passed(clock, drain.noticeMs));
    running.add(async () => readiness.notReady('stopping'));
    return { url: urlOf(app.server.address()), close: () => running.close() };
  } catch (error) {
    await running.close();
    throw error;
  }
}

/** What a node is told as it was set. */
function asSet({ drain, ...config }: Config) {
  const { callRetention, deviceRetention, hasRingback, policy, retention } = config;
  const kept = { callRetention, deviceRetention, retention };
  return { ...kept, drainSpreadMs: drain.spreadMs, hasRingback, policy };
}

/** NATS where it is configured, else the database's own way to other nodes, else none: this is the only one. */
async function busOf(
  { nats, databaseUrl }: Pick<Config, 'nats' | 'databaseUrl'>,
  parts: WireBusParts,
  running: Closers,
): Promise<{ readonly bus: Bus; readonly isConnected?: () => boolean }> {
  if (nats === undefined && databaseUrl === undefined) {
    const bus = new InProcessBus(parts.log);
    running.add(() => bus.close());
    return { bus };
  }
  const bus = nats ? natsBus(nats, parts) : postgresBus(databaseUrl ?? '', parts);
  running.add(() => bus.close());
  await bus.start();
  return { bus, isConnected: () => bus.isConnected };
}

/** For the operator; balancers give new devices to other servers meanwhile. */
const NO_LEASE = `no lease: the store was not reached for ${LEASE_MS / 1000} s`;

/** The time that balancers are given to see that this node is not ready. */
function passed(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

type WayOut = Pick<HttpOutboundParts, 'clock' | 'resolve'>;

/** The courier bounds each endpoint itself: of several on one host none waits for the others. */
function webhooksOf(
  { allowedAddresses: allowed, webhooks: { endpoints: configured, keepMs } }: Config,
  way: WayOut,
  running: Closers,
): NonNullable<Surroundings['webhooks']> {
  const outbound = new HttpOutbound({ ...way, allowed, connectionsPerHost: Infinity });
  running.add(() => outbound.close());
  return { outbound, configured, keepMs };
}

/** It has connections of its own, so that no webhook that stalls holds them. */
function preCallOf(
  { allowedAddresses: allowed, preCall: settings }: Config,
  way: WayOut,
  running: Closers,
): Pick<Surroundings, 'preCall'> {
  if (settings === undefined) return {};
  const outbound = new HttpOutbound({ ...way, allowed });
  running.add(() => outbound.close());
  return { preCall: { outbound, settings } };
}

function operatorOf(
  { webhooks }: RinglineNode,
  { apiKeys }: Config,
  parts: Omit<OperatorParts, 'webhooks'>,
): Pick<AppParts, 'webhooks'> {
  if (!webhooks) return {};
  const operator = new Operator({ ...parts, webhooks });
  return { webhooks: { operator, requireOperator: operatorBy(apiKeys, parts.clock) } };
}

type VoiceAround = Pick<VoicePorts, 'clock' | 'log' | 'metrics'>;

function voiceOf({ voice }: Config, around: VoiceAround): EngineVoice | undefined {
  if (voice === undefined) return undefined;
  const sounds = loadSounds(voice.promptsDir);
  return new EngineVoice({ ...around, sounds, startEngine: forkEngine }, voice);
}

function devTokens(config: Config, clock: Clock): { mintDevToken?: MintDevToken } {
  const mint = mintOf(config.tokens);
  if (config.mode !== 'development' || !mint) return {};
  const life = () => ({ now: clock.now(), ttlSeconds: DEFAULT_TTL_SECONDS });
  return { mintDevToken: (peer) => mintToken(mint, peer, life()) };
}

function urlOf(address: AddressInfo | string | null): string {
  assert(typeof address === 'object' && address !== null);
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
