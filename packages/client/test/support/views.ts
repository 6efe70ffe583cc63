import type {
  EndedCallView,
  EstablishedCallView,
  InboxItem,
  WaitingCallView,
} from '@ringline/protocol';

/** Bob calls alice. */
export const INCOMING = 'call-of-bob-to-alice';

export function ringing(more: Partial<WaitingCallView> = {}): WaitingCallView {
  return {
    id: INCOMING,
    version: 1,
    direction: 'incoming',
    peer: { user: 'bob', name: 'Bob' },
    media: 'audio',
    state: 'inviting',
    remainingMs: 60_000,
    ...(more.direction !== 'outgoing' && { peerDevice: 'bob1', epoch: 1 }),
    ...more,
  };
}

export function established(more: Partial<EstablishedCallView> = {}): EstablishedCallView {
  return {
    id: INCOMING,
    version: 5,
    direction: 'incoming',
    peer: { user: 'bob', name: 'Bob' },
    media: 'audio',
    state: 'established',
    peerDevice: 'bob1',
    epoch: 1,
    ...more,
  };
}

export function ended(more: Partial<EndedCallView> = {}): EndedCallView {
  return {
    id: INCOMING,
    version: 9,
    direction: 'incoming',
    peer: { user: 'bob', name: 'Bob' },
    media: 'audio',
    state: 'ended',
    reason: 'completed',
    durationSeconds: 0,
    ...more,
  };
}

export function item(cursor: number, text = `message ${cursor}`): InboxItem {
  const id = `m${cursor}`;
  return { cursor, id, from: 'bob', to: 'alice', at: cursor, body: { kind: 'text', text } };
}
