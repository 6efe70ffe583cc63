import { INVITATION_LIFE_MS, INVITATION_REACH_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Invitation, InvitationEvent } from '../../src/index.ts';
import { invitationEventsBetween } from '../../src/index.ts';
import type { CommandName } from './people.ts';
import { COMMANDS, ID, INVITE, T0, after, decideOn } from './people.ts';

const ASKED = {
  invitation: ID,
  caller: { user: 'alice' },
  callee: { user: 'bob' },
  content: '{"room":"17"}',
  channel: 'room 17',
  sentAt: T0,
};

/** What is told of an invitation to which these happen, one step each, a second after the one before. */
function told(...commands: readonly CommandName[]): readonly InvitationEvent[] {
  let before: Invitation | undefined;
  return ['invite' as const, ...commands].flatMap((name, i) => {
    const { invitation } = decideOn(before, COMMANDS[name], T0 + i * 1_000);
    if (invitation === undefined) return [];
    const events = invitationEventsBetween(before, invitation);
    before = invitation;
    return events;
  });
}

test.each([true, false])(
  '[BIN16] it is told that it was sent, until when, and whether the callee has a page that can be reached: %s',
  (isCalleeHere) => {
    const { invitation } = decideOn(undefined, INVITE, T0, { isCalleeHere });
    if (invitation === undefined) throw new Error('no invitation came of it');
    expect(invitationEventsBetween(undefined, invitation)).toEqual([
      {
        type: 'invitation.sent',
        data: {
          ...ASKED,
          receiveBy: T0 + INVITATION_REACH_MS,
          expiresAt: T0 + INVITATION_LIFE_MS,
          offline: !isCalleeHere,
        },
      },
    ]);
  },
);

test.each<[readonly CommandName[], object]>([
  [['receive', 'accept', 'confirm'], { outcome: 'accepted', response: 'coming' }],
  [['refuse'], { outcome: 'refused', response: 'no time' }],
  [['receive', 'cancel'], { outcome: 'cancelled' }],
  [['accept', 'cancel'], { outcome: 'cancelled', response: 'coming' }],
  [['lose caller'], { outcome: 'failed', failure: 'caller-gone' }],
  [['receive', 'goodbye'], { outcome: 'cancelled' }],
])('[BIN16] it is told how it ended, once, and nothing between: %s', (commands, end) => {
  const [sent, ...more] = told(...commands, 'receive', 'confirm', 'cancel', 'expire');
  expect(sent?.type).toBe('invitation.sent');
  const endedAt = T0 + commands.length * 1_000;
  expect(more).toEqual([{ type: 'invitation.ended', data: { ...ASKED, ...end, endedAt } }]);
});

test.each([
  ['no-response', ['invite'], INVITATION_REACH_MS],
  ['expired', ['invite', 'receive'], INVITATION_LIFE_MS],
  ['not-confirmed', ['invite', 'accept'], INVITATION_LIFE_MS],
] as const)('[BIN16] it is told that time ended it: %s', (failure, commands, ms) => {
  const before = after(...commands);
  const { invitation } = decideOn(before, COMMANDS.expire, T0 + ms);
  if (invitation === undefined) throw new Error('it has not changed');
  expect(invitationEventsBetween(before, invitation)).toMatchObject([
    { type: 'invitation.ended', data: { outcome: 'failed', failure, endedAt: T0 + ms } },
  ]);
});

test('[BIN16] texts that there are not are absent', () => {
  const { invitation } = decideOn(undefined, { ...INVITE, content: '', channel: '' });
  if (invitation === undefined) throw new Error('no invitation came of it');
  const refused = decideOn(invitation, { ...COMMANDS.refuse, response: '' }).invitation;
  if (refused === undefined) throw new Error('it has not changed');
  const events = [
    ...invitationEventsBetween(undefined, invitation),
    ...invitationEventsBetween(invitation, refused),
  ];
  expect(events).toHaveLength(2);
  for (const { data } of events) {
    for (const name of ['content', 'channel', 'response', 'failure']) {
      expect(data).not.toHaveProperty(name);
    }
  }
});
