import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  MAX_NOTIFICATION_BYTES,
  MAX_SAID_BYTES,
  MAX_SPEAKERS,
  NotificationReader,
  NotificationWriter,
  lineOf,
} from '../../src/cluster/notifications.ts';
import type { Said } from '../../src/cluster/notifications.ts';
import { HARD_TEXT } from './deliveries.ts';

const jsonOf = (value: unknown) => JSON.stringify(value);

/** What `b` reads of what `a` says in several transactions. */
function carried(...transactions: readonly (readonly Said[])[]): readonly Said[] {
  const writer = new NotificationWriter('a');
  const reader = new NotificationReader('b');
  return transactions
    .flatMap((said) => writer.write(said.map(lineOf)))
    .flatMap((payload) => reader.read(payload));
}

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.nat({ max: 30_000 }).map((size) => 'x'.repeat(size)),
  fc.constant(HARD_TEXT.repeat(500)),
);
const said = fc.array(
  fc.record({ topic: fc.constantFrom('u.a', 'm.b', 'gap'), text: texts.map(jsonOf) }),
  { maxLength: 20 },
);

test('[BUS2] [BUS3] whatever is said is read as it was, in the same order', () => {
  fc.assert(
    fc.property(said, said, (first, second) => {
      const values = (all: readonly Said[]) =>
        all.map(({ topic, text }) => ({ topic, value: JSON.parse(text) as unknown }));
      expect(values(carried(first, second))).toEqual(values([...first, ...second]));
    }),
    { numRuns: 50 },
  );
});

test('[BUS6] every payload is ASCII, no longer than PostgreSQL takes, and unlike any other', () => {
  const writer = new NotificationWriter('a');
  const lines = Array.from({ length: 300 }, (_, n) =>
    lineOf({ topic: 'u.bob', text: jsonOf(HARD_TEXT.repeat(n % 60)) }),
  );
  const payloads = [...writer.write(lines), ...writer.write(lines)];
  expect(new Set(payloads).size).toBe(payloads.length);
  expect(payloads.filter((payload) => !/^[\n -~]*$/.test(payload))).toEqual([]);
  expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(
    MAX_NOTIFICATION_BYTES,
  );
});

test('[BUS3] a line is cut when it is one character too long for a payload', () => {
  const { room } = new NotificationWriter('a');
  const payloadsOf = (size: number) => new NotificationWriter('a').write(['x'.repeat(size)]);
  expect(payloadsOf(room)).toHaveLength(1);
  expect(payloadsOf(room + 1)).toHaveLength(2);
  const [one, two] = ['x'.repeat(room - 5), 'y'.repeat(4)];
  expect(new NotificationWriter('a').write([one, two])).toHaveLength(1);
  expect(new NotificationWriter('a').write([one, `${two}y`])).toHaveLength(2);
});

test('[BUS1] a node does not read what it said itself, nor what is none of ours', () => {
  const reader = new NotificationReader('a');
  const [own = ''] = new NotificationWriter('a').write(['u.bob {}']);
  expect([own, '', 'hello', 'a 1', 'b 1 ?x'].flatMap((each) => reader.read(each))).toEqual([]);
});

test('[BUS10] what is never finished is kept up to a limit, of so many nodes', () => {
  const reader = new NotificationReader('reader');
  const read = (node: string, more: string, body: string) =>
    reader.read(`${node} 1 ${more}${body}`);
  read('long', '+', `t ${'x'.repeat(MAX_SAID_BYTES - 2)}`);
  expect(read('long', '.', 'y').map(({ text }) => text.length)).toEqual([MAX_SAID_BYTES - 1]);
  read('long', '+', `t ${'x'.repeat(MAX_SAID_BYTES - 1)}`);
  expect(read('long', '.', 'y')).toEqual([{ topic: 'y', text: '' }]);
  for (let n = 0; n <= MAX_SPEAKERS; n++) read(`node${n}`, '+', 't begun');
  expect(read('node0', '.', ' ended')).toEqual([{ topic: '', text: 'ended' }]);
  expect(read('node1', '.', ' ended')).toEqual([{ topic: 't', text: 'begun ended' }]);
});
