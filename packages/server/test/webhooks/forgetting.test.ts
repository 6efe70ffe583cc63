import { VirtualClock } from '@ringline/testkit';
import { describe, expect, test } from 'vitest';
import type { Endpoint, NewEvent } from '../../src/store/outbox.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Store } from '../../src/store/store.ts';
import { FORGET_EVERY_MS, MEASURE_EVERY_MS } from '../../src/webhooks/courier.ts';
import { OUTBOX_PORTION } from '../../src/webhooks/portions.ts';
import { commit } from '../store/builders.ts';
import { Gate } from '../support/gate.ts';
import type { CountedMetrics } from '../support/quiet.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

const URL = 'https://backend.example.com/hook';
const KEEP_MS = 10 * FORGET_EVERY_MS;
const backend = endpointAt(URL);

/** A store, and the runs of a server over it one after the other, each with other endpoints in its file. */
class Runs {
  readonly clock = new VirtualClock();
  readonly store: Store;
  readonly receiver = new Receiver(this.clock);

  constructor(store: Store = new MemoryStore()) {
    this.store = store;
  }

  async start(configured: readonly Endpoint[]) {
    const { clock, store, receiver: outbound } = this;
    const webhooks = { outbound, configured, keepMs: KEEP_MS };
    const cluster = new TestCluster({ clock, store, webhooks });
    const node = await cluster.node({ ownsStore: true });
    return { log: cluster.log, metrics: cluster.metrics, stop: () => node.stop() };
  }

  /** An event of now for an endpoint. */
  async write(...endpoints: readonly string[]): Promise<void> {
    await this.writeAll([messageTo(endpoints)]);
  }

  writeAll(events: readonly NewEvent[]): Promise<void> {
    return commit(this.store, { at: this.clock.now(), events });
  }

  async kept(): Promise<readonly string[]> {
    const rows = await this.store.deliveries({ limit: 10 });
    return rows.map(({ endpoint, state }) => `${endpoint} ${state}`);
  }
}

let made = 0;

function messageTo(endpoints: readonly string[]): NewEvent {
  made += 1;
  const id = `event-${made}`;
  const deliveries = endpoints.map((endpoint) => ({ endpoint, form: 'event' as const, lane: id }));
  return { id, type: 'message.sent', key: 'alice bob', data: { text: 'a secret' }, deliveries };
}

describe('an endpoint that is not there any more', () => {
  test('[WHK13] what waits for it is forgotten once it was missed for keepMs, and its event with it', async () => {
    const runs = new Runs();
    runs.receiver.react = () => 'is away';
    const first = await runs.start([backend]);
    await runs.write(backend.id);
    const last = made;
    await runs.clock.advanceAsync(1_000);
    await first.stop();
    // However long nobody was there to miss it.
    await runs.clock.advanceAsync(9 * KEEP_MS);
    const { log } = await runs.start([]);
    await runs.clock.advanceAsync(FORGET_EVERY_MS + KEEP_MS);
    expect(await runs.kept()).toEqual([`${backend.id} waiting`]);
    expect(await runs.store.event(`event-${last}`)).toBeDefined();
    await runs.clock.advanceAsync(FORGET_EVERY_MS);
    expect(await runs.kept()).toEqual([]);
    expect(await runs.store.event(`event-${last}`)).toBeUndefined();
    const [line] = log.lines.filter(({ level }) => level === 'warn');
    expect(line?.fields).toMatchObject({ endpoint: backend.id, count: 1 });
  });

  test('[WHK13] one that is put back before has lost nothing, and its time begins anew', async () => {
    const runs = new Runs();
    runs.receiver.react = () => 'is away';
    for (let i = 0; i < 2; i++) {
      const withIt = await runs.start([backend]);
      await runs.write(backend.id);
      await runs.clock.advanceAsync(2 * FORGET_EVERY_MS);
      await withIt.stop();
      const without = await runs.start([]);
      await runs.clock.advanceAsync(KEEP_MS);
      await without.stop();
    }
    runs.receiver.react = () => 204;
    await runs.start([backend]);
    await runs.clock.advanceAsync(KEEP_MS);
    expect(runs.receiver.types().slice(-2)).toEqual(['message.sent', 'message.sent']);
    expect(await runs.store.deliveries({ state: 'waiting', limit: 10 })).toEqual([]);
  });

  test('[WHK13] what a step wrote for an endpoint that was removed meanwhile does not stay', async () => {
    const runs = new Runs();
    await runs.start([backend]);
    await runs.write(backend.id, 'removed');
    await runs.clock.advanceAsync(KEEP_MS);
    expect(await runs.kept()).toEqual(['removed waiting', `${backend.id} delivered`]);
    await runs.clock.advanceAsync(2 * FORGET_EVERY_MS);
    expect(await runs.kept()).toEqual([]);
  });
});

describe('in portions', () => {
  test.each([OUTBOX_PORTION, OUTBOX_PORTION + 1])(
    '[WHK10] one look forgets all that is old: %i events',
    async (count) => {
      const runs = new Runs();
      await runs.start([backend]);
      const events = Array.from({ length: count }, () => messageTo([]));
      await runs.writeAll(events);
      await runs.clock.advanceAsync(KEEP_MS);
      expect(await runs.store.event(events[0]?.id ?? '')).toBeDefined();
      await runs.clock.advanceAsync(FORGET_EVERY_MS);
      for (const { id } of [events[0], events.at(-1)].flatMap((each) => each ?? [])) {
        expect(await runs.store.event(id)).toBeUndefined();
      }
    },
  );

  test('[WHK10] a portion in which all is still needed does not keep the next from its turn', async () => {
    const runs = new Runs();
    await runs.start([{ ...backend, isEnabled: false }]);
    const needed = Array.from({ length: OUTBOX_PORTION }, () => messageTo([backend.id]));
    const old = messageTo([]);
    await runs.writeAll([...needed, old]);
    await runs.clock.advanceAsync(KEEP_MS + FORGET_EVERY_MS);
    expect(await runs.store.event(old.id)).toBeUndefined();
    expect(await runs.store.event(needed[0]?.id ?? '')).toBeDefined();
  });
});

describe('[WHK15] operators see how long the oldest waits', () => {
  const waits = ({ metrics }: { metrics: CountedMetrics }) => metrics.of('webhooks wait');

  test('as it is looked at every MEASURE_EVERY_MS', async () => {
    const runs = new Runs();
    const started = await runs.start([backend]);
    runs.receiver.react = () => 503;
    await runs.clock.advanceAsync(MEASURE_EVERY_MS - 1_000);
    await runs.write(backend.id);
    await runs.write(backend.id);
    await runs.clock.advanceAsync(1_010);
    expect(waits(started)).toBe(1_000);
    await runs.clock.advanceAsync(2 * MEASURE_EVERY_MS);
    expect(waits(started)).toBe(1_000 + 2 * MEASURE_EVERY_MS);
    runs.receiver.react = () => 204;
    await runs.clock.advanceAsync(KEEP_MS / 2);
    expect(await runs.kept()).toEqual([`${backend.id} delivered`, `${backend.id} delivered`]);
    expect(waits(started)).toBe(0);
  });

  test('what waits for an endpoint that is disabled, or gone, waits for nothing', async () => {
    const runs = new Runs();
    const started = await runs.start([{ ...backend, isEnabled: false }]);
    await runs.write(backend.id, 'removed');
    await runs.clock.advanceAsync(2 * MEASURE_EVERY_MS);
    expect(waits(started)).toBe(0);
  });

  test('while the store is away it stays, and is looked at again afterwards', async () => {
    const gate = new Gate();
    const runs = new Runs(gate.before(new MemoryStore()));
    const started = await runs.start([backend]);
    runs.receiver.react = () => 503;
    await runs.write(backend.id);
    await runs.clock.advanceAsync(MEASURE_EVERY_MS);
    gate.fail(['oldestWaiting']);
    await runs.clock.advanceAsync(2 * MEASURE_EVERY_MS);
    expect(waits(started)).toBe(MEASURE_EVERY_MS);
    gate.mend();
    await runs.clock.advanceAsync(MEASURE_EVERY_MS);
    expect(waits(started)).toBe(4 * MEASURE_EVERY_MS);
  });
});
