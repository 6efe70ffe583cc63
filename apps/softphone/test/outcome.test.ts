import type { CallRecord, EndReason } from '@ringline/protocol';
import { RECORD_STATUS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { outcomeOf } from '../src/history/outcome.ts';
import { en } from '../src/text/en.ts';

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
  ['cancelled', undefined, 'Cancelled', 'Missed', true],
  ['refused', undefined, 'Refused', 'You refused', false],
  ['no-answer', undefined, 'No answer', 'Missed', true],
  ['busy', undefined, 'Busy', 'Missed while in another call', true],
  ['offline', undefined, 'Not reachable', 'Missed while offline', true],
  ['connection-lost', undefined, 'Cancelled', 'Missed', true],
  ['connection-lost', 3, 'Connection lost · 0:03', 'Connection lost · 0:03', false],
  ['media-failed', undefined, 'Not connected', 'Not connected', false],
];

test.each(TABLE)('%s, %s s: “%s” for the caller, “%s” for the callee', (...row) => {
  const [reason, seconds, caller, callee, isMissed] = row;
  const record = recordOf(reason, seconds);
  expect(outcomeOf(record, 'alice', en)).toEqual({
    direction: 'outgoing',
    peer: 'bob',
    text: caller,
    isMissed: false,
  });
  expect(outcomeOf(record, 'bob', en)).toEqual({
    direction: 'incoming',
    peer: 'alice',
    text: callee,
    isMissed,
  });
});
