import type { CallRecord, EndReason } from '@ringline/client';
import { RECORD_STATUS } from '@ringline/client';
import { expect, test } from 'vitest';
import { outcomeOf } from '../src/model/outcome.ts';
import { en } from '../src/text/en.ts';
import { zh } from '../src/text/zh.ts';

function recordOf(reason: EndReason, seconds?: number): CallRecord {
  const isAccepted = seconds !== undefined || reason === 'media-failed';
  const users = ['alice', 'bob'];
  return {
    call: 'a-call-of-the-table',
    roomId: 1,
    type: 'audio',
    status: RECORD_STATUS.unanswered,
    reason,
    caller: 'alice',
    callee: 'bob',
    durations: isAccepted ? users.map((user) => ({ user, seconds: seconds ?? 0 })) : [],
    invitedAt: 0,
    acceptedAt: isAccepted ? 1000 : null,
    connectedAt: seconds === undefined ? null : 1000,
    endedAt: 70_000,
    endedBy: null,
  };
}

const TABLE: [EndReason, number | undefined, caller: string, callee: string, missed: boolean][] = [
  ['completed', 65, 'Completed · 1:05', 'Completed · 1:05', false],
  ['cancelled', undefined, 'Cancelled', 'Cancelled by the caller', true],
  ['refused', undefined, 'Refused', 'You refused', false],
  ['no-answer', undefined, 'No answer', 'Missed', true],
  ['busy', undefined, 'Line busy', 'Missed while in another call', true],
  ['offline', undefined, 'Not reachable', 'Missed while offline', true],
  ['connection-lost', undefined, 'Cancelled', 'Cancelled by the caller', true],
  ['connection-lost', 3, 'Connection lost · 0:03', 'Connection lost · 0:03', false],
  ['media-failed', undefined, 'Not connected', 'Not connected', false],
];

/** A bubble tells the length of a call, which is what one looks for there. */
const said = (text: string) => text.replace(/^.* · /, 'Call time ');

test.each(TABLE)('%s, %s s: “%s” for the caller, “%s” for the callee', (...row) => {
  const [reason, seconds, caller, callee, isMissed] = row;
  const record = recordOf(reason, seconds);
  expect(outcomeOf(record, 'alice', en)).toEqual({
    direction: 'outgoing',
    peer: 'bob',
    text: caller,
    said: said(caller),
    isMissed: false,
  });
  expect(outcomeOf(record, 'bob', en)).toEqual({
    direction: 'incoming',
    peer: 'alice',
    text: callee,
    said: said(callee),
    isMissed,
  });
});

test('a call that was accepted and hung up before it connected was not connected', () => {
  const record = { ...recordOf('completed', 0), connectedAt: null };
  expect(outcomeOf(record, 'alice', en).text).toBe('Not connected');
  expect(outcomeOf(record, 'bob', en).text).toBe('Not connected');
});

// The table of the vendor's mini program, caller's and callee's side.
test.each([
  ['completed', 5, '已完成 · 0:05', '已完成 · 0:05'],
  ['cancelled', undefined, '已取消', '对方已取消'],
  ['refused', undefined, '对方已拒绝', '已拒绝'],
  ['no-answer', undefined, '未接听', '未接听'],
  ['busy', undefined, '对方忙线', '未接听'],
] as const)('in Chinese %s is worded as the vendor does', (reason, seconds, caller, callee) => {
  const record = recordOf(reason, seconds);
  expect(outcomeOf(record, 'alice', zh).text).toBe(caller);
  expect(outcomeOf(record, 'bob', zh).text).toBe(callee);
});
