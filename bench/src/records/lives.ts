import { eventsBetween, recordOf } from '@ringline/call';
import type { Call, Ended, Inviting } from '@ringline/call';
import type { CallEvent } from '@ringline/call';
import type { Step, Store } from '@ringline/server';

/** Users that call each other, each some of the others. */
const USERS = 1_000;
const BATCH = 500;
const T0 = Date.UTC(2026, 0, 1);
const NOTHING: Step = {
  at: T0,
  cause: { type: 'bench' },
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

/** Calls that their callers took back, with all that is kept of such a call, and a text after each. */
export async function fillWithCalls(store: Store, count: number): Promise<void> {
  for (let n = 0; n < count; n += BATCH) {
    const size = Math.min(BATCH, count - n);
    const invited = Array.from({ length: size }, (_, i) => invitedCall(n + i));
    const ended = invited.map(endedCall);
    const earlier = new Map(invited.map((call) => [call.id, call]));
    await store.commit({
      ...NOTHING,
      calls: invited,
      events: invited.flatMap(eventsOf(new Map())),
    });
    await store.commit({
      ...NOTHING,
      calls: ended,
      records: ended.map(({ record }) => record),
      inbox: ended.flatMap(inboxOf),
      events: ended.flatMap(eventsOf(earlier)),
    });
  }
}

function invitedCall(n: number): Inviting {
  const caller = (n * 7919) % USERS;
  const callee = (caller + 1 + (Math.floor(n / USERS) % 10)) % USERS;
  return {
    state: 'inviting',
    id: `call-of-the-bench-${n}`,
    version: 1,
    roomId: n + 1,
    caller: { user: `user-${caller}`, device: 'device' },
    callee: { user: `user-${callee}` },
    invitedMedia: 'audio',
    content: null,
    isHoldable: true,
    isAnnounced: true,
    isRaised: false,
    recordTo: ['caller', 'callee'],
    invitedAt: T0,
    changedAt: T0,
    legs: [],
    expiresAt: T0 + 60_000,
    offlineAt: T0 + 30_000,
    callerLoss: null,
  };
}

function endedCall(call: Inviting): Ended {
  const { expiresAt: _1, offlineAt: _2, callerLoss: _3, caller, ...parties } = call;
  const by = { user: caller.user, device: caller.device };
  const record = recordOf(call, { reason: 'cancelled', at: T0, by });
  const ending = { state: 'ended', version: 2, reason: 'cancelled', record } as const;
  return { ...parties, ...ending, caller, answeredBy: null, endedBy: by, response: null };
}

function inboxOf({ id, record }: Ended): Step['inbox'] {
  const parties = { from: record.caller, to: record.callee, at: T0 };
  return [
    { id: `record:${id}`, ...parties, body: { kind: 'record', record } },
    { id: `text-${id}`, ...parties, body: { kind: 'text', text: 'Call me when you are back.' } },
  ];
}

const eventsOf = (earlier: ReadonlyMap<string, Call>) => (call: Call) =>
  eventsBetween(earlier.get(call.id), call).map(({ type, data }: CallEvent, i) => ({
    id: `${call.id} ${call.version} ${i}`,
    type,
    key: call.id,
    data,
    deliveries: [{ endpoint: 'backend', form: 'event' as const, lane: call.id }],
  }));
