import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { GAP_TOPIC, TOPIC_KINDS, topicOf } from '../../src/cluster/topics.ts';

/** What a subject of NATS may hold between its dots, and what no line of a notification is divided by. */
const SAFE = /^[umc]\.[A-Za-z0-9_=-]*$/;

test('[BUS4] a topic holds no character that means something, and no two names have the same', () => {
  const names = string({ unit: 'binary' });
  assert(
    property(names, names, (one, other) => {
      const [first, second] = [topicOf('u', one), topicOf('u', other)];
      return SAFE.test(first) && (first === second) === (one === other);
    }),
  );
  expect(topicOf('u', 'a=002eb')).not.toBe(topicOf('u', 'a.b'));
});

test('[BUS4] kinds are told apart, and usual names can be read', () => {
  expect(TOPIC_KINDS.map((kind) => topicOf(kind, 'alice-1_B'))).toEqual([
    'u.alice-1_B',
    'm.alice-1_B',
    'c.alice-1_B',
  ]);
  expect(topicOf('u', 'a.b@通')).toBe('u.a=002eb=0040=901a');
  expect(TOPIC_KINDS.map((kind) => topicOf(kind, 'gap'))).not.toContain(GAP_TOPIC);
});

test('[BUS4] half a character is not taken for another half', () => {
  expect(topicOf('u', '\ud800')).not.toBe(topicOf('u', '\ud801'));
});
