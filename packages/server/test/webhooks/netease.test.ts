import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CallRecord } from '@ringline/protocol';
import { RECORD_STATUS } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import type { NeteaseEndpoint, PostForm, StoredEvent } from '../../src/store/outbox.ts';
import { copyOutHeaders, copyOutOf, neteaseForms } from '../../src/webhooks/netease.ts';
import { NETEASE_TIMEOUT_MS } from '../../src/webhooks/post.ts';
import { CALL, established } from '../support/calls.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

const URL_OF = 'https://receiver.example.com/copy';
/** Of the event whose id is `event`. */
const NUMBER = '4098829865620004984';
const KEYS = { appKey: 'an-app-key', appSecret: 'an-app-secret' };

/** A body as the vendor documents it. */
function sample(name: string): Record<string, unknown> {
  const file = new URL(`netease/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

function record(over: Partial<CallRecord> = {}): CallRecord {
  return {
    call: 'call-0000000000000001',
    roomId: 123,
    type: 'audio',
    status: RECORD_STATUS.completed,
    reason: 'completed',
    caller: 'acc01',
    callee: 'acc02',
    durations: [
      { user: 'acc01', seconds: 10 },
      { user: 'acc02', seconds: 12 },
    ],
    invitedAt: 1_000,
    acceptedAt: 2_000,
    connectedAt: 3_000,
    endedAt: 15_000,
    endedBy: 'acc01',
    ...over,
  };
}

function eventOf(over: Partial<CallRecord> = {}): StoredEvent {
  const data = { call: 'call-0000000000000001', sequence: 5, record: record(over) };
  return { n: 77, id: 'event', type: 'record.created', key: 'call', at: 15_000, data };
}

/** The body that is posted in this form. */
function body(form: PostForm, event: StoredEvent = eventOf()): Record<string, unknown> {
  return JSON.parse(copyOutOf(form, event)?.body ?? 'null') as Record<string, unknown>;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

describe('the documented bodies', () => {
  test('[NTE1] a record is eventType 1 with NRTC_NETCALL, and the record as a string in attach', () => {
    const posted = body('record');
    expect(posted).toEqual({
      eventType: '1',
      convType: 'PERSON',
      fromAccount: 'acc01',
      to: 'acc02',
      msgTimestamp: '15000',
      msgType: 'NRTC_NETCALL',
      msgidClient: 'record:call-0000000000000001',
      msgidServer: NUMBER,
      resendFlag: '0',
      body: '',
      attach: JSON.stringify(sample('cdr_attach_doc.json')),
    });
    expect(Object.values(posted).every(isText)).toBe(true);
  });

  test.each([
    [RECORD_STATUS.cancelled, 2],
    [RECORD_STATUS.refused, 3],
    [RECORD_STATUS.unanswered, 4],
    [RECORD_STATUS.busy, 5],
  ])('[NTE1] of a call that nobody answered: status %i and no durations', (status, number) => {
    const over = { status, durations: [], acceptedAt: null, connectedAt: null } as const;
    const attach = JSON.parse(
      String(body('record', eventOf({ ...over, type: 'video' }))['attach']),
    );
    expect(attach).toEqual({ type: 2, channelId: 123, status: number, durations: [] });
  });

  test('[NTE2] a message has every field of the documented one but those of which we know nothing', () => {
    const text = { kind: 'text', text: '文字消息' } as const;
    const data = { id: 'm1', from: 'zhangsan', to: 'lisi', at: 1_456_888_017_105, body: text };
    const event = { ...eventOf(), type: 'message.sent', data } as const;
    const unknown = ['fromClientType', 'fromDeviceId', 'fromNick', 'yidunRes'];
    const documented = Object.fromEntries(
      Object.entries(sample('copyout_evt1_text_doc2.json')).filter(
        ([name]) => !unknown.includes(name),
      ),
    );
    const posted = body('message', event);
    expect(posted).toEqual({ ...documented, msgidClient: 'm1', msgidServer: NUMBER });
    const custom = {
      ...event,
      data: { ...data, body: { kind: 'data', data: { a: [1] } } },
    } as const;
    expect(body('message', custom)).toMatchObject({
      msgType: 'CUSTOM',
      attach: '{"a":[1]}',
      body: '',
    });
  });

  test('[NTE3] the duration of a call is the sum over its members, the caller marked', () => {
    const durations = [
      { user: 'zhangsan', seconds: 12 },
      { user: 'lisi', seconds: 13 },
    ];
    const posted = body('duration', eventOf({ caller: 'zhangsan', callee: 'lisi', durations }));
    const documented = sample('copyout_evt5_doc.json');
    expect(Object.keys(posted).toSorted()).toEqual(Object.keys(documented).toSorted());
    expect(posted).toMatchObject({
      duration: documented['duration'],
      status: 'SUCCESS',
      type: 'AUDIO',
    });
    const members = (from: unknown) => new Set((JSON.parse(String(from)) as object[]).map(ordered));
    expect(members(posted['members'])).toEqual(members(documented['members']));
    expect(Object.values(posted).every(isText)).toBe(true);
  });

  test('[NTE3] nobody answered: the caller alone, with no time; answered and never connected: unknown', () => {
    const alone = { durations: [], acceptedAt: null, connectedAt: null } as const;
    expect(body('duration', eventOf(alone))).toMatchObject({
      duration: '0',
      members: '[{"accid":"acc01","caller":true,"duration":0}]',
      status: 'SINGLE_PARTICIPATE',
    });
    expect(body('duration', eventOf({ connectedAt: null, type: 'video' }))).toMatchObject({
      status: 'UNKNOWN',
      type: 'VEDIO',
    });
  });

  test('[NTE4] a room begins with the answer and ends with the call; both say G2', () => {
    const data = { call: 'abc', sequence: 3, roomId: 123 };
    const start = copyOutOf('room-start', { ...eventOf(), type: 'call.accepted', at: 4_000, data });
    const end = copyOutOf('room-end', eventOf());
    expect([start?.headers, end?.headers]).toEqual([{ type: 'G2' }, { type: 'G2' }]);
    const shape = (json: unknown): unknown =>
      typeof json === 'object' && json !== null
        ? Object.fromEntries(Object.entries(json).map(([name, value]) => [name, shape(value)]))
        : typeof json;
    expect(shape(body('room-end'))).toMatchObject(shape(sample('g2_evt2_room_end.json')) as object);
    expect(JSON.parse(start?.body ?? '')).toEqual({
      eventType: 1,
      data: { channelId: 123, channelName: 'abc', createtime: 4_000, timestamp: 4_000 },
    });
    expect(shape(JSON.parse(start?.body ?? ''))).toEqual(shape(sample('g2_evt1_room_start.json')));
    expect(copyOutOf('room-end', eventOf({ acceptedAt: null }))).toBeUndefined();
  });

  test('[NTE5] MD5 of the body, and SHA-1 of secret, MD5 and time', () => {
    const { body: checked, md5 } = sample('urlcheck_md5_vector.json') as {
      body: string;
      md5: string;
    };
    const headers = copyOutHeaders(KEYS, checked, 1_440_570_500_855);
    const sum = createHash('sha1').update(`${KEYS.appSecret}${md5}1440570500855`).digest('hex');
    expect(headers).toEqual({
      AppKey: KEYS.appKey,
      CurTime: '1440570500855',
      MD5: md5,
      CheckSum: sum,
    });
  });
});

function ordered(member: object): string {
  return JSON.stringify(
    Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** What is posted of a call that was answered. */
const FORMS = ['room-start', 'room-end', 'duration', 'record'];

/** Alice and Bob talk and hang up, and an endpoint of the vendor's form is told. */
async function copied(react: Receiver['react'], over: Partial<NeteaseEndpoint> = {}) {
  const clock = new VirtualClock();
  const receiver = new Receiver(clock);
  receiver.react = react;
  const own = { format: 'netease', only200: false, forms: null, ...KEYS, ...over } as const;
  const endpoint = endpointAt(URL_OF, own);
  const webhooks = { outbound: receiver, configured: [endpoint], keepMs: 86_400_000 };
  const cluster = new TestCluster({ clock, webhooks });
  const node = await cluster.node();
  // What the start posts to see whether the address is right is another test's.
  await clock.advanceAsync(10);
  receiver.received.splice(0);
  const { alice } = await established(cluster, node);
  await clock.advanceAsync(9_000);
  alice.ask({ type: 'end', call: CALL });
  await clock.advanceAsync(100);
  return { clock, receiver, cluster };
}

test('[NTE6] a call is told as the vendor tells it: room, end of it, duration, record', async () => {
  const { receiver } = await copied(() => 200);
  const told = receiver.received.map(({ headers, body: text }) => {
    const { eventType } = JSON.parse(text) as { eventType: unknown };
    return [headers['type'], eventType];
  });
  expect(told).toEqual([
    ['G2', 1],
    ['G2', 2],
    [undefined, '5'],
    [undefined, '1'],
  ]);
  const { headers, body: last, timeoutMs } = receiver.received[3]!;
  expect(timeoutMs).toBe(NETEASE_TIMEOUT_MS);
  expect(headers['MD5']).toBe(createHash('md5').update(last).digest('hex'));
  expect(headers['content-type']).toBe('application/json');
});

test('[NTE7] 500 counts as delivered as documented; where only 200 counts it is repeated', async () => {
  const lenient = await copied(() => 500);
  expect(lenient.receiver.received).toHaveLength(4);
  const strict = await copied(() => 500, { only200: true });
  const waiting = await strict.cluster.store.deliveries({ state: 'waiting', limit: 10 });
  expect(waiting.map(({ form }) => form).toSorted()).toEqual(FORMS.toSorted());
});

test.each([204, 301, 404, 503, 'stalls', 'is away'] as const)(
  '[NTE7] %s does not count as delivered',
  async (reaction) => {
    const { cluster } = await copied(() => reaction);
    const waiting = await cluster.store.deliveries({ state: 'delivered', limit: 10 });
    expect(waiting).toEqual([]);
  },
);

test('[NTE10] the end of a room waits for its beginning, and nothing else does', async () => {
  let refusals = 2;
  const { receiver, clock } = await copied(({ headers }) =>
    headers['type'] === 'G2' && refusals-- > 0 ? 503 : 200,
  );
  const rooms = () =>
    receiver.received
      .filter(({ headers }) => headers['type'] === 'G2')
      .map(({ body: text }) => (JSON.parse(text) as { eventType: number }).eventType);
  expect(rooms()).toEqual([1, 1]);
  expect(receiver.received).toHaveLength(4);
  await clock.advanceAsync(30_000);
  expect(rooms()).toEqual([1, 1, 1, 2]);
});

test('[NTE6] an endpoint takes the bodies that it knows, and one that fails keeps the others from nothing', async () => {
  const some = await copied(() => 200, { forms: ['record'] });
  expect(some.receiver.received).toHaveLength(1);
  const { cluster } = await copied(() => 404);
  const waiting = await cluster.store.deliveries({ limit: 10 });
  expect(waiting.map(({ form, attempts }) => [form, attempts > 0])).toEqual(
    FORMS.toReversed().map((form) => [form, form !== 'room-end']),
  );
});

test.each([
  [200, 0],
  [404, 1],
  ['is away' as const, 1],
])(
  '[NTE8] an endpoint of the configuration is asked at the start: %s',
  async (reaction, errors) => {
    const clock = new VirtualClock();
    const receiver = new Receiver(clock);
    receiver.react = () => reaction;
    const own = { format: 'netease', only200: false, forms: null, ...KEYS } as const;
    const configured = [
      endpointAt(URL_OF, own),
      endpointAt(`${URL_OF}/off`, { ...own, isEnabled: false }),
    ];
    const webhooks = { outbound: receiver, configured, keepMs: 86_400_000 };
    const cluster = new TestCluster({ clock, webhooks });
    await cluster.node();
    await clock.advanceAsync(100);
    expect(receiver.received.map(({ url, body: text }) => [url, text])).toEqual([[URL_OF, '{}']]);
    expect(cluster.log.lines.filter(({ level }) => level === 'error')).toHaveLength(errors);
  },
);

test('[NTE6] what has no counterpart there is not told', () => {
  expect(neteaseForms('call.ringing')).toEqual([]);
  expect(neteaseForms('call.ended')).toEqual([]);
  expect(neteaseForms('message.sent')).toEqual(['message']);
});
