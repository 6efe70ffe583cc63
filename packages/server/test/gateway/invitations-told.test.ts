import type { InvitationState, InvitationView } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { InvitationsTold, MAX_OVER_TOLD } from '../../src/gateway/invitations-told.ts';

function view(id: string, version: number, state: InvitationState): InvitationView {
  return {
    id,
    version,
    side: 'callee',
    peer: 'alice',
    content: '',
    channel: '',
    response: '',
    state,
    remainingMs: 0,
  };
}

test('[BIS4] whether an invitation is over says its state, also one that has no time left', () => {
  const told = new InvitationsTold();
  for (let i = 0; i <= MAX_OVER_TOLD; i++) told.note(view(`open-${i}`, 3, 'accepting'));
  expect(told.note(view('open-0', 3, 'accepting'))).toBe(false);
  expect(told.note(view('open-0', 2, 'received'))).toBe(false);
  expect(told.note(view('open-0', 4, 'accepted'))).toBe(true);
});

test('[BIS4] of those that are over the latest are remembered, and no more', () => {
  const told = new InvitationsTold();
  for (let i = 0; i <= MAX_OVER_TOLD; i++) told.note(view(`over-${i}`, 2, 'cancelled'));
  expect(told.note(view('over-1', 2, 'cancelled'))).toBe(false);
  expect(told.note(view('over-1', 1, 'sent'))).toBe(false);
  expect(told.note(view('over-0', 2, 'cancelled'))).toBe(true);
});

test('[BIS4] what is gone takes no room', () => {
  const told = new InvitationsTold();
  told.note(view('gone', 5, 'sent'));
  told.forget(['gone', 'never']);
  expect(told.note(view('gone', 1, 'sent'))).toBe(true);
});
