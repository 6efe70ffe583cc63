import { RECORD_STATUS } from '@ringline/protocol';
import type { CallRecord, UserId } from '@ringline/protocol';
import type { FastifyInstance } from 'fastify';
import { mintToken } from '../../src/auth/mint.ts';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';
import { InProcessBus } from '../../src/cluster/in-process-bus.ts';
import { UserBudgets } from '../../src/gateway/user-budgets.ts';
import { createApp } from '../../src/http/app.ts';
import type { AppParts } from '../../src/http/app.ts';
import { allowedOrigins } from '../../src/http/origins.ts';
import { ReadinessFlag } from '../../src/http/readiness.ts';
import { PrometheusMetrics } from '../../src/observe/prometheus-metrics.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Device, NewInboxItem, Step } from '../../src/store/store.ts';
import { SECRET, authenticator, clock } from '../auth/tokens.ts';
import { MemoryLog } from '../observe/memory-log.ts';

export const APP_ORIGIN = 'https://app.example.com';

/** The HTTP side over an empty store in memory, with what is given instead. */
export function createTestApp(given: Partial<AppParts> = {}) {
  const store = new MemoryStore();
  const readiness = new ReadinessFlag();
  readiness.ready();
  const log = new MemoryLog();
  const metrics = new PrometheusMetrics();
  const app = createApp({
    authenticator: authenticator(),
    store,
    readiness,
    scrape: metrics,
    budgets: new UserBudgets({ bus: new InProcessBus(new MemoryLog()), clock, incarnation: 'n1' }),
    policy: PERMISSIVE,
    log,
    allowsOrigin: allowedOrigins('production', [APP_ORIGIN]),
    pages: '/there/are/no/pages/here',
    ...given,
  });
  return { app, store, readiness, log, metrics };
}

/** The header with which a user asks. */
export async function as(user: UserId): Promise<{ authorization: string }> {
  const life = { now: clock.now(), ttlSeconds: 60 };
  return { authorization: `Bearer ${await mintToken({ secret: SECRET }, { user }, life)}` };
}

/** Asks as Alice. */
export async function get(app: FastifyInstance, url: string) {
  return app.inject({ url, headers: await as('alice') });
}

const NOTHING = {
  calls: [],
  lines: [],
  expect: [],
  devices: [],
  records: [],
  inbox: [],
  reads: [],
  quality: [],
  seen: [],
  events: [],
};

/** Puts things into a store, as one step. */
export async function put(store: MemoryStore, step: Partial<Step>): Promise<void> {
  const cause = { type: 'test' };
  await store.commit({ at: clock.now(), cause, ...NOTHING, ...step });
}

/** A record of a call that was not answered, `n` seconds after the beginning of time. */
export function recordOf(n: number, caller: UserId, callee: UserId): CallRecord {
  return {
    call: `call-of-the-test-${n}`,
    roomId: n,
    type: 'audio',
    status: RECORD_STATUS.unanswered,
    reason: 'no-answer',
    caller,
    callee,
    durations: [],
    invitedAt: n * 1000 - 500,
    acceptedAt: null,
    connectedAt: null,
    endedAt: n * 1000,
    endedBy: null,
  };
}

/** A text from Bob to Alice. */
export function messageOf(n: number): NewInboxItem {
  const body = { kind: 'text', text: `message ${n}` } as const;
  return { id: `m${n}`, from: 'bob', to: 'alice', at: n, body };
}

/** A device as it is first seen: here. */
export function deviceOf(user: UserId): Device {
  return {
    user,
    device: `${user}1`,
    version: 1,
    binding: { incarnation: 'i', connection: 'c', boundAt: clock.now() },
    lostAt: null,
    hasLeft: false,
    resumeHash: null,
    profile: { user, name: user.toUpperCase() },
    takesSecond: false,
    login: null,
    lastSeq: 0,
    results: [],
    acknowledged: 0,
  };
}

/** The device after it was lost. */
export function lost(device: Device): Device {
  return { ...device, version: device.version + 1, binding: null, lostAt: clock.now() };
}
