import { RECORD_STATUS, RING_TIMEOUT_MS } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import type { OutboundRequest } from '../../src/outbound/outbound.ts';
import type { RinglineNode } from '../../src/node.ts';
import type { Endpoint } from '../../src/store/outbox.ts';
import {
  GIVE_UP_AFTER_MS,
  JITTER,
  MAX_RETRY_AFTER_MS,
  RETRY_DELAYS_MS,
} from '../../src/webhooks/back-off.ts';
import {
  CLAIM_MS,
  FORGET_EVERY_MS,
  HELD_AGAIN_MS,
  OUTBOX_POLL_MS,
  REQUESTS_PER_ENDPOINT,
} from '../../src/webhooks/courier.ts';
import { STANDARD_TIMEOUT_MS } from '../../src/webhooks/post.ts';
import { Webhooks } from '../../src/webhooks/webhooks.ts';
import { CALL, CALL2, established, ringing } from '../support/calls.ts';
import { HeldStore } from '../support/held-store.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';
import type { TestClusterOptions } from '../support/test-cluster.ts';

const URL = 'https://backend.example.com/hook';
const OTHER_URL = 'https://other.example.com/hook';
const KEEP_MS = 86_400_000;
const CALLED = ['call.invited', 'call.ringing'];
const OVER = ['call.ended', 'record.created'];
/** How long a test may take in which days go by, on a machine that does more than that. */
const DAYS_MS = 300_000;

/** Goes on with webhooks alone until so much later: a node would do in those days what else nodes do. */
async function goOn({ cluster, receiver }: Told, node: RinglineNode, ms: number): Promise<void> {
  await cluster.stop(node);
  const { clock, log, metrics, randomness, store } = cluster;
  const forgets = () => Promise.resolve(true);
  const parts = { clock, forgets, keepMs: KEEP_MS, log, metrics, randomness, store };
  const configured = [endpointAt(URL)];
  const webhooks = new Webhooks({ ...parts, outbound: receiver, configured });
  await clock.untilSettled(webhooks.start(false));
  await clock.advanceAsync(ms);
  webhooks.stop();
}

interface Told {
  readonly cluster: TestCluster;
  readonly receiver: Receiver;
}

/** A cluster that tells these endpoints, and who receives it. */
function told(
  configured: readonly Endpoint[] = [endpointAt(URL)],
  more: TestClusterOptions = {},
): Told {
  const clock = more.clock ?? new VirtualClock({ turns: 1 });
  const outbound = new Receiver(clock);
  const webhooks = { outbound, configured, keepMs: KEEP_MS };
  return { cluster: new TestCluster({ ...more, clock, webhooks }), receiver: outbound };
}

type Said = Parameters<TestDevice['ask']>[0];

async function act(cluster: TestCluster, device: TestDevice, message: Said): Promise<void> {
  device.ask(message);
  await cluster.clock.advanceAsync(50);
}

async function cancels(cluster: TestCluster, device: TestDevice): Promise<void> {
  await act(cluster, device, { type: 'cancel', call: CALL });
}

describe('who is told of what', () => {
  test('[WHK1] a whole call: every event once, in order and numbered', async () => {
    const { cluster, receiver } = told();
    const { alice, bob } = await established(cluster, await cluster.node());
    await act(cluster, bob, { type: 'hold', call: CALL });
    await act(cluster, alice, { type: 'end', call: CALL });
    const types = [...CALLED, 'call.accepted', 'call.connected', 'call.held', ...OVER];
    expect(receiver.types()).toEqual(types);
    const numbers = receiver.events().map(({ data }) => data.sequence);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const [stored] = await cluster.store.records({ user: 'alice', limit: 1 });
    expect(receiver.events().at(-1)?.data).toMatchObject({ call: CALL, record: stored?.record });
    expect(stored?.record.status).toBe(RECORD_STATUS.completed);
  });

  test('[WHK1] an invitation to somebody who is nowhere says so, so that a backend can push', async () => {
    const { cluster, receiver } = told();
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    alice.invite(CALL, 'nobody');
    await cluster.clock.advanceAsync(50);
    expect(receiver.events()[0]?.data).toMatchObject({ offline: true, callee: { user: 'nobody' } });
  });

  test('[WHK1] a message of a user is told as it was sent; a record only as the record', async () => {
    const { cluster, receiver } = told();
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    await act(cluster, alice, { type: 'send', to: 'bob', body });
    expect(receiver.types()).toEqual(['message.sent']);
    expect(receiver.events()[0]?.data).toMatchObject({ from: 'alice', to: 'bob', body });
    alice.invite(CALL, 'nobody');
    await cluster.settle();
    await cancels(cluster, alice);
    expect(receiver.types()).toEqual(['message.sent', 'call.invited', ...OVER]);
  });

  test('[WHK2] each endpoint is told what it asked for, a disabled one nothing', async () => {
    const some = endpointAt(OTHER_URL, { events: ['call.ended', 'message.sent'] });
    const disabled = endpointAt('https://off.example.com/', { isEnabled: false });
    const { cluster, receiver } = told([endpointAt(URL), some, disabled]);
    const { alice } = await ringing(cluster, await cluster.node());
    await cancels(cluster, alice);
    expect(receiver.types(URL)).toEqual([...CALLED, ...OVER]);
    expect(receiver.types(OTHER_URL)).toEqual(['call.ended']);
    expect(receiver.received).toHaveLength(5);
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(4);
  });

  test('[WHK2] what no endpoint wants is not kept', async () => {
    const { cluster } = told([endpointAt(URL, { events: ['message.sent'] })]);
    const { alice } = await ringing(cluster, await cluster.node());
    await cancels(cluster, alice);
    expect(await cluster.store.deliveries({ limit: 10 })).toEqual([]);
  });

  test('[WHK3] a command that was refused tells nothing', async () => {
    const { cluster, receiver } = told();
    const { alice, bob } = await ringing(cluster, await cluster.node());
    const before = receiver.received.length;
    await act(cluster, bob, { type: 'cancel', call: CALL });
    await act(cluster, alice, { type: 'invite', call: CALL2, to: 'alice', media: 'audio' });
    expect(receiver.received).toHaveLength(before);
  });
});

describe('at least once, in order', () => {
  test('[WHK4] an attempt that failed is repeated with the same id and a signature of its own time', async () => {
    const { cluster, receiver } = told();
    receiver.react = () => (receiver.received.length === 1 ? 503 : 204);
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    alice.invite(CALL, 'nobody');
    await cluster.clock.advanceAsync((RETRY_DELAYS_MS[0] ?? 0) * (1 + JITTER) + 50);
    const [first, second] = receiver.received;
    expect(receiver.received).toHaveLength(2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
    const [delivery] = await cluster.store.deliveries({ limit: 1 });
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2, last: { status: 204 } });
    expect(cluster.metrics.of('webhook failed')).toBe(1);
  });

  test('[WHK5] while one event of a call waits, its later ones wait, and those of other calls do not', async () => {
    const { cluster, receiver } = told();
    receiver.react = ({ body }) => (body.includes(CALL) ? 'is away' : 204);
    const node = await cluster.node();
    const { alice } = await ringing(cluster, node);
    const carol = await cluster.device(node, 'carol', 'carol1');
    carol.invite(CALL2, 'nobody');
    await cluster.settle();
    await cancels(cluster, alice);
    const of = (call: string) => receiver.events().filter(({ data }) => data.call === call);
    expect(of(CALL).map(({ type }) => type)).toEqual(['call.invited']);
    expect(of(CALL2).map(({ type }) => type)).toEqual(['call.invited']);
    receiver.react = () => 204;
    await cluster.clock.advanceAsync(10_000);
    expect(of(CALL).map(({ type }) => type)).toEqual(['call.invited', ...CALLED, ...OVER]);
  });

  test(
    '[WHK6] the waits grow, and after the last attempt it is dead and out of the way',
    { timeout: DAYS_MS },
    async () => {
      const { cluster, receiver } = told();
      receiver.react = ({ body }) => (body.includes('call.invited') ? 500 : 204);
      const node = await cluster.node();
      const alice = await cluster.device(node, 'alice', 'alice1');
      alice.invite(CALL, 'nobody');
      await cluster.clock.advanceAsync(RING_TIMEOUT_MS + 5_000);
      const total = RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay * (1 + JITTER), 0);
      await goOn({ cluster, receiver }, node, total);
      const attempts = receiver.received.filter(({ body }) => body.includes('call.invited'));
      expect(attempts).toHaveLength(RETRY_DELAYS_MS.length + 1);
      for (const [i, delay] of RETRY_DELAYS_MS.entries()) {
        const waited = (attempts[i + 1]?.at ?? 0) - (attempts[i]?.at ?? 0);
        expect(waited).toBeGreaterThanOrEqual(delay);
        expect(waited).toBeLessThanOrEqual(delay * (1 + JITTER) + OUTBOX_POLL_MS);
      }
      expect(receiver.types().slice(-2)).toEqual(OVER);
      const [dead] = await cluster.store.deliveries({ state: 'dead', limit: 9 });
      expect(dead).toMatchObject({
        dueAt: null,
        last: { status: 500 },
        event: { type: 'call.invited' },
      });
      expect(cluster.metrics.of('webhook dead')).toBe(1);
    },
  );

  test(
    '[WHK6] what waited behind something that was given up is not tried for days more',
    { timeout: DAYS_MS },
    async () => {
      const { cluster, receiver } = told();
      receiver.react = () => 503;
      const node = await cluster.node();
      const alice = await cluster.device(node, 'alice', 'alice1');
      alice.invite(CALL, 'nobody');
      await cluster.clock.advanceAsync(RING_TIMEOUT_MS + 5_000);
      await goOn({ cluster, receiver }, node, GIVE_UP_AFTER_MS);
      const all = await cluster.store.deliveries({ limit: 99 });
      expect(all.length).toBeGreaterThan(2);
      expect(all.filter(({ state }) => state !== 'dead')).toEqual([]);
      const attempts = all.map(({ attempts: made }) => made);
      expect(Math.min(...attempts)).toBeGreaterThanOrEqual(1);
    },
  );

  test('[WHK6] what is sent again has its full time again', { timeout: DAYS_MS }, async () => {
    const { cluster, receiver } = told();
    receiver.react = () => 503;
    const node = await cluster.node();
    const alice = await cluster.device(node, 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    await act(cluster, alice, { type: 'send', to: 'bob', body });
    await goOn({ cluster, receiver }, node, GIVE_UP_AFTER_MS + 60_000);
    const [dead] = await cluster.store.deliveries({ state: 'dead', limit: 9 });
    const { endpoint = '' } = dead ?? {};
    await cluster.store.resend({ endpoint, state: 'dead', limit: 9 }, cluster.clock.now());
    await goOn({ cluster, receiver }, node, 60_000);
    const [again] = await cluster.store.deliveries({ limit: 9 });
    expect(again).toMatchObject({ state: 'waiting' });
    expect(again?.attempts).toBeGreaterThan(1);
  });

  test('[WHK6] who answers 410 is not asked again', async () => {
    const { cluster, receiver } = told();
    receiver.react = () => 410;
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    await act(cluster, alice, { type: 'send', to: 'bob', body });
    await cluster.clock.advanceAsync(60_000);
    expect(receiver.received).toHaveLength(1);
    expect(await cluster.store.deliveries({ state: 'dead', limit: 9 })).toHaveLength(1);
  });

  test('[WHK6] who asks for time gets it, up to a limit', async () => {
    const { cluster, receiver } = told();
    const asked = (ms: number) => ({ status: 429, body: 'slowly', retryAfterMs: ms });
    const answers = [asked(600_000), asked(MAX_RETRY_AFTER_MS * 9), 204] as const;
    receiver.react = () => answers[receiver.received.length - 1] ?? 204;
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    await act(cluster, alice, { type: 'send', to: 'bob', body });
    await cluster.clock.advanceAsync(599_000);
    expect(receiver.received).toHaveLength(1);
    await cluster.clock.advanceAsync(5_000);
    expect(receiver.received).toHaveLength(2);
    await cluster.clock.advanceAsync(MAX_RETRY_AFTER_MS + 5_000);
    expect(receiver.received).toHaveLength(3);
  });

  test('[WHK7] an endpoint that stalls keeps nobody else waiting, and gets only so much at once', async () => {
    const { cluster, receiver } = told([endpointAt(URL), endpointAt(OTHER_URL)]);
    receiver.react = ({ url }) => (url === URL ? 'stalls' : 204);
    const node = await cluster.node();
    const alice = await cluster.device(node, 'alice', 'alice1');
    for (let i = 0; i < REQUESTS_PER_ENDPOINT + 5; i++) {
      const body = { kind: 'text', text: `message ${i}` } as const;
      alice.ask({ type: 'send', to: `user-${i}`, body });
    }
    await cluster.clock.advanceAsync(1_000);
    expect(receiver.types(OTHER_URL)).toHaveLength(REQUESTS_PER_ENDPOINT + 5);
    expect(receiver.types(URL)).toHaveLength(REQUESTS_PER_ENDPOINT);
    expect(receiver.pending).toBe(REQUESTS_PER_ENDPOINT);
    await cluster.clock.advanceAsync(STANDARD_TIMEOUT_MS);
    expect(new Set(bodies(receiver, URL)).size).toBe(REQUESTS_PER_ENDPOINT + 5);
  });
});

function bodies({ received }: Receiver, url: string): readonly string[] {
  return received.filter((request: OutboundRequest) => request.url === url).map(({ body }) => body);
}

describe('restarts and faults', () => {
  test('[WHK8] what was under way when the server was killed is repeated by the next run, with the same id', async () => {
    const { cluster, receiver } = told();
    receiver.react = () => 'stalls';
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    alice.invite(CALL, 'nobody');
    await cluster.clock.advanceAsync(100);
    receiver.react = () => 204;
    // The killed process would never have heard of the outcome: its requests still stall.
    await cluster.node({ ownsStore: true });
    await cluster.clock.advanceAsync(100);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
  });

  test('[WHK8] what a stop gives up is no failed attempt: the next run makes it', async () => {
    const { cluster, receiver } = told();
    receiver.react = () => 'stalls';
    const first = await cluster.node();
    const alice = await cluster.device(first, 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    alice.ask({ type: 'send', to: 'bob', body });
    await cluster.clock.advanceAsync(100);
    await first.stop();
    await cluster.clock.advanceAsync(STANDARD_TIMEOUT_MS);
    const [given] = await cluster.store.deliveries({ limit: 1 });
    expect(given).toMatchObject({ state: 'waiting', attempts: 0 });
    receiver.react = () => 204;
    await cluster.node({ ownsStore: true });
    await cluster.clock.advanceAsync(100);
    const [made] = await cluster.store.deliveries({ limit: 1 });
    expect(made).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  test('[WHK8] another node takes over what a dead one had claimed, when the claim is over', async () => {
    const { cluster, receiver } = told();
    receiver.react = () => 'stalls';
    const dying = new VirtualClock({ startAt: cluster.clock.now() });
    const first = await cluster.node({ clock: dying });
    const alice = await cluster.device(first, 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    alice.ask({ type: 'send', to: 'bob', body });
    await cluster.clock.advanceAsync(100);
    first.webhooks?.stop();
    receiver.react = () => 204;
    await cluster.node();
    await cluster.clock.advanceAsync(STANDARD_TIMEOUT_MS - 1_000);
    expect(receiver.received).toHaveLength(1);
    await cluster.clock.advanceAsync(CLAIM_MS);
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(
      receiver.received[0]?.headers['webhook-id'],
    );
  });

  test('[WHK9] while the store is away nothing is taken out, and afterwards everything is', async () => {
    const store = new HeldStore();
    const { cluster, receiver } = told([endpointAt(URL)], { store });
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    receiver.react = () => 'is away';
    alice.invite(CALL, 'nobody');
    await cluster.clock.advanceAsync(100);
    store.away = true;
    await cluster.clock.advanceAsync(60_000);
    const attempts = receiver.received.length;
    receiver.react = () => 204;
    store.away = false;
    await cluster.clock.advanceAsync(60_000);
    expect(attempts).toBe(1);
    expect(receiver.types().slice(1)).toEqual(['call.invited', ...OVER]);
  });

  test('[WHK16] what is due and held at this moment is asked for a few times, and goes out once it is free', async () => {
    const store = new HeldStore();
    const { cluster, receiver } = told([endpointAt(URL)], { store });
    const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
    await cluster.clock.advanceAsync(OUTBOX_POLL_MS);
    store.holdsDeliveries = true;
    alice.invite(CALL, 'nobody');
    await cluster.clock.advanceAsync(10 * HELD_AGAIN_MS);
    const asked = store.claims;
    store.holdsDeliveries = false;
    await cluster.clock.advanceAsync(HELD_AGAIN_MS);
    // Once as it is written, and then ten times.
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThanOrEqual(11);
    expect(receiver.types()).toEqual(['call.invited']);
  });

  test('[WHK10] what is told is forgotten after its time, and what waits is not', async () => {
    const { cluster, receiver } = told();
    const node = await cluster.node();
    const alice = await cluster.device(node, 'alice', 'alice1');
    const body = { kind: 'text', text: 'hello' } as const;
    await act(cluster, alice, { type: 'send', to: 'bob', body });
    receiver.react = () => 'is away';
    await act(cluster, alice, { type: 'send', to: 'carol', body });
    expect(await cluster.store.deliveries({ limit: 10 })).toHaveLength(2);
    await goOn({ cluster, receiver }, node, KEEP_MS - FORGET_EVERY_MS);
    expect(await cluster.store.deliveries({ limit: 10 })).toHaveLength(2);
    await goOn({ cluster, receiver }, node, 3 * FORGET_EVERY_MS);
    const left = await cluster.store.deliveries({ limit: 10 });
    expect(left.map(({ state }) => state)).toEqual(['waiting']);
  });
});
