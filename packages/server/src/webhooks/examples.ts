import type { CallRecord, EventData, EventType } from '@ringline/protocol';
import { INVITATION_LIFE_MS, INVITATION_REACH_MS, RECORD_STATUS } from '@ringline/protocol';
import type { StoredEvent } from '../store/outbox.ts';

/** Of a call that never was, and another each time: a receiver forgets what it has seen. */
const callOf = (at: number) => `example-call-${at}`;

/** An event as a test send posts it; who sends it gives it an id of its own. */
export function exampleOf(type: EventType, at: number): StoredEvent {
  return { n: at, id: 'example', type, key: callOf(at), at, data: dataOf(at)[type] };
}

function dataOf(at: number): EventData {
  const call = {
    call: callOf(at),
    sequence: 1,
    roomId: at,
    caller: { user: 'alice', name: 'Alice' },
    callee: { user: 'bob', name: 'Bob' },
    media: 'video',
  } as const;
  const invitation = {
    invitation: `example-invitation-${at}`,
    sequence: 1,
    caller: { user: 'alice' },
    callee: { user: 'bob' },
    content: 'This is a test.',
    channel: 'example',
    sentAt: at,
  } as const;
  return {
    'call.invited': { ...call, invitedAt: at, expiresAt: at + 60_000, offline: true },
    'call.ringing': call,
    'call.accepted': call,
    'call.connected': call,
    'call.held': { ...call, by: 'bob' },
    'call.resumed': { ...call, by: 'bob' },
    'call.video.added': call,
    'call.video.removed': { ...call, why: 'removed', by: 'alice' },
    'call.ended': { ...call, reason: 'completed', by: 'alice' },
    'record.created': { call: callOf(at), sequence: 1, record: exampleRecord(at) },
    'message.sent': {
      id: `example-message-${at}`,
      from: 'alice',
      to: 'bob',
      at,
      body: { kind: 'text', text: 'This is a test.' },
    },
    'invitation.sent': {
      ...invitation,
      receiveBy: at + INVITATION_REACH_MS,
      expiresAt: at + INVITATION_LIFE_MS,
      offline: true,
    },
    'invitation.ended': { ...invitation, sequence: 2, outcome: 'accepted', endedAt: at + 5_000 },
  };
}

function exampleRecord(at: number): CallRecord {
  return {
    call: callOf(at),
    roomId: at,
    type: 'video',
    status: RECORD_STATUS.completed,
    reason: 'completed',
    caller: 'alice',
    callee: 'bob',
    durations: [
      { user: 'alice', seconds: 60 },
      { user: 'bob', seconds: 60 },
    ],
    invitedAt: at - 70_000,
    acceptedAt: at - 61_000,
    connectedAt: at - 60_000,
    endedAt: at,
    endedBy: 'alice',
  };
}
