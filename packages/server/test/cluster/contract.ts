import { expect, test } from 'vitest';
import type { ChannelDelivery, Delivery } from '../../src/cluster/bus.ts';
import { EACH, EACH_OF_CHANNEL, HARD_TEXT, numbered } from './deliveries.ts';
import type { TwoNodes } from './two-nodes.ts';

/** Makes the bus of two nodes, which is closed after the test. */
export type MakeNodes = () => Promise<TwoNodes>;

/** As long as the longest text of a device, escaped six-fold: longer than anything that is delivered. */
const LONG = 250_000;

/** Names that mean something to some service, or are written alike by careless ones. */
const NAMES = [
  'a',
  'a.b',
  'a.*',
  '*',
  '>',
  'a b',
  'a=002eb',
  'A',
  'é',
  '通话📞',
  '\ud800',
  '\u0000',
];

/** What every bus must do, whatever it is made of. */
export function busContract(make: MakeNodes): void {
  test('[BUS1] who listens hears a delivery once, on the node that publishes it at once', async () => {
    const { a, b, settled } = await make();
    const onA: Delivery[] = [];
    const onB: Delivery[] = [];
    a.subscribe('bob', (delivery) => onA.push(delivery));
    b.subscribe('bob', (delivery) => onB.push(delivery));
    await settled();
    a.publish(EACH.bound);
    expect(onA).toEqual([EACH.bound]);
    await settled();
    expect(onA).toEqual([EACH.bound]);
    expect(onB).toEqual([EACH.bound]);
  });

  test('[BUS1] moves and what is said in channels reach both nodes as well', async () => {
    const { a, b, settled } = await make();
    const heard: unknown[] = [];
    for (const bus of [a, b]) {
      bus.watch('bob', () => heard.push('moved'));
      bus.subscribeToChannel('c', (delivery) => heard.push(delivery));
    }
    await settled();
    b.publishMove('bob');
    b.publishToChannel('c', EACH_OF_CHANNEL['members-moved']);
    await settled();
    const { 'members-moved': moved } = EACH_OF_CHANNEL;
    expect(heard.filter((each) => each === 'moved')).toHaveLength(2);
    expect(heard.filter((each) => each !== 'moved')).toEqual([moved, moved]);
  });

  test('[BUS2] what one node says to one user comes in order, short or long, said at once or not', async () => {
    const { a, b, settled } = await make();
    const heard: string[] = [];
    b.subscribe('bob', (delivery) => {
      if (delivery.kind === 'rtm-heard') heard.push(delivery.message);
    });
    await settled();
    const count = 400;
    for (let n = 0; n < count; n++) {
      a.publish(numbered(n, n % 7 === 0 ? n * 40 : n));
      if (n % 50 === 0) await settled();
    }
    await settled();
    expect(heard).toEqual(Array.from({ length: count }, (_, n) => String(n)));
  });

  test('[BUS17] of a gap that one node publishes each hears once', async () => {
    const { a, b, settled } = await make();
    await settled();
    const heard = { a: 0, b: 0 };
    a.onGap(() => heard.a++);
    const stop = b.onGap(() => heard.b++);
    a.publishGap();
    await settled();
    expect(heard).toEqual({ a: 1, b: 1 });
    stop();
    b.publishGap();
    await settled();
    expect(heard).toEqual({ a: 2, b: 1 });
  });

  test('[BUS3] every kind of delivery arrives as it was given', async () => {
    const { a, b, settled } = await make();
    const heard: Delivery[] = [];
    const inChannel: ChannelDelivery[] = [];
    b.subscribe('bob', (delivery) => heard.push(delivery));
    b.subscribeToChannel('c', (delivery) => inChannel.push(delivery));
    await settled();
    for (const delivery of Object.values(EACH)) a.publish(delivery);
    for (const delivery of Object.values(EACH_OF_CHANNEL)) a.publishToChannel('c', delivery);
    await settled();
    expect(heard).toEqual(Object.values(EACH));
    expect(inChannel).toEqual(Object.values(EACH_OF_CHANNEL));
  });

  test.each([0, 1, 7_000, 7_990, 8_000, 16_000, LONG])(
    '[BUS3] a text of %i characters arrives, whatever they are',
    async (size) => {
      const { a, b, settled } = await make();
      const heard: Delivery[] = [];
      b.subscribe('bob', (delivery) => heard.push(delivery));
      await settled();
      const plain: Delivery = { kind: 'rtm-heard', to: 'bob', by: 'x'.repeat(size), message: 'm' };
      a.publish(plain);
      a.publish(numbered(1, size));
      await settled();
      expect(heard).toEqual([plain, numbered(1, size)]);
    },
  );

  test('[BUS4] no name is taken for another, nor a channel for a user', async () => {
    const { a, b, settled } = await make();
    const heard: string[] = [];
    for (const name of NAMES) {
      b.subscribe(name, () => heard.push(`to ${name}`));
      b.watch(name, () => heard.push(`of ${name}`));
      b.subscribeToChannel(name, () => heard.push(`in ${name}`));
    }
    await settled();
    for (const name of NAMES) {
      a.publish({ kind: 'missed', to: name });
      a.publishMove(name);
      a.publishToChannel(name, { kind: 'members-moved' });
    }
    await settled();
    const all = NAMES.flatMap((name) => [`to ${name}`, `of ${name}`, `in ${name}`]);
    expect(heard.toSorted((x, y) => (x < y ? -1 : 1))).toEqual(
      all.toSorted((x, y) => (x < y ? -1 : 1)),
    );
  });

  test('[BUS5] a node hears of a user as long as somebody on it listens, and no longer', async () => {
    const { a, b, settled } = await make();
    const heard: string[] = [];
    const stopFirst = b.subscribe('bob', () => heard.push('first'));
    const stopSecond = b.subscribe('bob', () => heard.push('second'));
    await settled();
    stopFirst();
    stopFirst();
    a.publish(EACH.missed);
    await settled();
    expect(heard).toEqual(['second']);
    stopSecond();
    await settled();
    a.publish(EACH.missed);
    await settled();
    b.subscribe('bob', () => heard.push('third'));
    await settled();
    a.publish(EACH.missed);
    await settled();
    expect(heard).toEqual(['second', 'third']);
  });

  test('[BUS6] what is said twice is heard twice', async () => {
    const { a, b, settled } = await make();
    const heard: Delivery[] = [];
    b.subscribe('bob', (delivery) => heard.push(delivery));
    await settled();
    const long = numbered(1, 20_000);
    const said = [EACH.missed, EACH.missed, long, long, EACH.missed];
    for (const delivery of said) a.publish(delivery);
    await settled();
    expect(heard).toEqual(said);
  });

  test('[BUS18] once it says that it listens, nothing that is said from then on passes it by', async () => {
    const { a, b, settled } = await make();
    await settled();
    const users = Array.from({ length: 100 }, (_, n) => `user ${n}`);
    const heard: string[] = [];
    for (const user of users) {
      b.subscribe(user, ({ to }) => heard.push(to));
      await b.listening();
      a.publish({ kind: 'missed', to: user });
    }
    await settled();
    expect(heard).toEqual(users);
  });

  test('[BUS18] a bus that is closed keeps nobody waiting', async () => {
    const { a } = await make();
    a.subscribe('bob', () => undefined);
    const listening = a.listening();
    await a.close();
    expect(await Promise.all([listening, a.listening()])).toHaveLength(2);
  });

  test('[BUS7] a bus that is closed takes what it is given, and brings nothing', async () => {
    const { a, b } = await make();
    const heard: Delivery[] = [];
    a.subscribe('bob', (delivery) => heard.push(delivery));
    await a.close();
    a.publish(numbered(1, HARD_TEXT.length));
    b.publish(EACH.missed);
    a.subscribe('carol', () => undefined)();
    expect(heard).toEqual([]);
  });
}
