import { describe, expect, test } from 'vitest';
import { clockOf, directionOf, parseCallRecord, secondsOf, wordsOf } from '../../src/netease.ts';
import type { RecordDirection } from '../../src/netease.ts';

const durations = [
  { accid: 'alice', duration: 65, caller: true },
  { accid: 'bob', duration: 64 },
];
const completed = parseCallRecord({ type: 1, status: 1, durations });
const sent = parseCallRecord({
  fromAccount: 'alice',
  to: 'bob',
  msgTimestamp: '1',
  msgType: 'NRTC_NETCALL',
  attach: '{"type":1,"status":2}',
});

test('[RDN8] the direction is that of the message, or what the server says of its members', () => {
  expect([directionOf(sent, 'alice'), directionOf(sent, 'bob')]).toEqual(['outgoing', 'incoming']);
  expect(directionOf(completed, 'alice')).toBe('outgoing');
  expect(directionOf(completed, 'bob')).toBe('incoming');
  expect([directionOf(completed, 'carol'), directionOf(sent, 'carol')]).toEqual([null, null]);
});

test('[RDN8] whose duration is meant is said, never guessed', () => {
  expect(secondsOf(completed, { of: 'first' })).toBe(65);
  expect(secondsOf(completed, { of: 'own', user: 'bob' })).toBe(64);
  expect(secondsOf(completed, { of: 'other', user: 'bob' })).toBe(65);
  expect(secondsOf(completed, { of: 'own', user: 'carol' })).toBeNull();
  expect(secondsOf(sent, { of: 'first' })).toBeNull();
});

describe('words', () => {
  const TABLE: [status: 1 | 2 | 3 | 4 | 5, side: RecordDirection, zh: string, en: string][] = [
    [1, 'outgoing', '已完成 01:05', 'Completed 01:05'],
    [1, 'incoming', '已完成 01:05', 'Completed 01:05'],
    [2, 'outgoing', '已取消', 'Cancelled'],
    [2, 'incoming', '对方已取消', 'Cancelled by the other side'],
    [3, 'outgoing', '对方已拒绝', 'Refused by the other side'],
    [3, 'incoming', '已拒绝', 'Refused'],
    [4, 'outgoing', '未接听', 'Not answered'],
    [4, 'incoming', '未接听', 'Not answered'],
    [5, 'outgoing', '对方忙线', 'The other side is busy'],
    [5, 'incoming', '未接听', 'Not answered'],
  ];

  test.each(TABLE)('[RDN8] status %i, %s: %s', (status, direction, zh, en) => {
    const seconds = 65;
    expect(wordsOf({ status }, { direction, language: 'zh', seconds })).toBe(zh);
    expect(wordsOf({ status }, { direction, language: 'en', seconds })).toBe(en);
  });

  test('[RDN8] a duration is shown when there is one', () => {
    for (const seconds of [0, null]) {
      const how = { direction: 'incoming', language: 'zh', seconds } as const;
      expect(wordsOf({ status: 1 }, how)).toBe('已完成');
    }
  });

  test.each([
    [7, '00:07'],
    [59.9, '00:59'],
    [3599, '59:59'],
    [3600, '01:00:00'],
    [359_999, '99:59:59'],
    [360_000, '99:59:59'],
  ])('[RDN8] %d seconds are %s', (seconds, clock) => {
    expect(clockOf(seconds)).toBe(clock);
  });
});
