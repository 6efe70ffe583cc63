import { expect, test } from 'vitest';
import type { Delivery } from '../../src/cluster/bus.ts';
import { MAX_WAITING_BYTES } from '../../src/cluster/wire.ts';
import type { WireBus } from '../../src/cluster/wire-bus.ts';
import { nextGap } from './closing.ts';
import type { RealParts } from './closing.ts';
import { EACH, numbered } from './deliveries.ts';
import { twoNodes } from './two-nodes.ts';

/** A service that the test may kill and start again, and nodes of it. */
export interface Service {
  /** A bus that has started, closed after the test. */
  node(parts?: RealParts): Promise<{ readonly bus: WireBus; readonly parts: RealParts }>;
  kill(): Promise<void>;
  resume(): Promise<void>;
}

/** What a bus does whose service dies and comes back. */
export function outageContract(make: () => Promise<Service>): void {
  test('[BUS7] [BUS8] while its service is away a bus serves its own node; back again, both nodes hear each other and are told of the gap', async () => {
    const service = await make();
    const { bus: a, parts: ofA } = await service.node();
    const { bus: b, parts: ofB } = await service.node();
    const heard: Delivery[] = [];
    const onA: Delivery[] = [];
    a.subscribe('bob', (delivery) => onA.push(delivery));
    b.subscribe('bob', (delivery) => heard.push(delivery));
    b.subscribe('gone', () => undefined)();
    const { settled } = await twoNodes(a, b);
    await service.kill();
    await Promise.all([ofA, ofB].map(({ metrics }) => metrics.until(false)));
    expect([a.isConnected, b.isConnected]).toEqual([false, false]);
    a.publish(EACH.missed);
    b.subscribe('carol', (delivery) => heard.push(delivery));
    expect(onA).toEqual([EACH.missed]);
    expect(ofA.metrics.of('dropped')).toBe(1);
    const gaps = [nextGap(a), nextGap(b)];
    await service.resume();
    await Promise.all(gaps);
    await Promise.all([ofA, ofB].map(({ metrics }) => metrics.until(true)));
    await twoNodes(a, b);
    await settled();
    expect(heard).toEqual([]);
    a.publish(numbered(1));
    a.publish(numbered(2, 9_000, 'carol'));
    await settled();
    expect(heard).toEqual([numbered(1), numbered(2, 9_000, 'carol')]);
    expect(ofA.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('[BUS8] a node that starts while its service is away serves, and is connected later', async () => {
    const service = await make();
    await service.kill();
    const { bus, parts } = await service.node();
    const heard: Delivery[] = [];
    bus.subscribe('bob', (delivery) => heard.push(delivery));
    bus.publish(EACH.missed);
    expect(heard).toEqual([EACH.missed]);
    const gap = nextGap(bus);
    await service.resume();
    await gap;
    await parts.metrics.until(true);
    expect(bus.isConnected).toBe(true);
    expect(parts.log.lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  test('[BUS9] [BUS10] more than a node may keep for its service is dropped; the rest arrives, and the others look again', async () => {
    const service = await make();
    const { bus: a, parts } = await service.node();
    const { bus: b } = await service.node();
    const { settled } = await twoNodes(a, b);
    const heard: string[] = [];
    b.subscribe('bob', (delivery) => {
      if (delivery.kind === 'rtm-heard') heard.push(delivery.message);
    });
    await settled();
    const size = 256 * 1024;
    const by = 'x'.repeat(size);
    for (let n = 0; n < 100; n++) {
      a.publish({ kind: 'rtm-heard', to: 'bob', by, message: String(n) });
    }
    const kept = 100 - parts.metrics.of('dropped');
    expect(kept).toBe(Math.floor(MAX_WAITING_BYTES / (size + 100)));
    const gap = nextGap(b);
    await settled();
    await gap;
    expect(heard).toEqual(Array.from({ length: kept }, (_, n) => String(n)));
  });

  test('[BUS7] what was given to a bus before it is closed still goes out', async () => {
    const service = await make();
    const { bus: a } = await service.node();
    const { bus: b } = await service.node();
    await twoNodes(a, b);
    const count = 200;
    const all = new Promise<void>((resolve) => {
      b.subscribe('bob', (delivery) => {
        if (delivery.kind === 'rtm-heard' && delivery.message === String(count)) resolve();
      });
    });
    await twoNodes(b, a);
    for (let n = 1; n <= count; n++) a.publish(numbered(n, 4_000));
    await a.close();
    await all;
    expect(a.isConnected).toBe(false);
  });
}
