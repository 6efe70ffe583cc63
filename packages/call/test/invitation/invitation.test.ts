import {
  CONFIRM_TIMEOUT_MS,
  INVITATION_LIFE_MS,
  INVITATION_REACH_MS,
  MAX_INCOMING_INVITATIONS,
  MAX_INVITATIONS_TO_ONE,
  MAX_OPEN_INVITATIONS,
} from '@ringline/protocol';
import { describe, expect, test } from 'vitest';
import type { Invitation } from '../../src/index.ts';
import { invitationDeadlineOf, invitationViewOf } from '../../src/index.ts';
import type { CommandName } from './people.ts';
import { ALICE, BOB, CAROL, COMMANDS, ID, INVITE, T0, after, decideOn } from './people.ts';

/** What the sender is told, or that it is done, and where the invitation stands then. */
function outcomeOf(before: Invitation, name: CommandName): string {
  const { refusal, invitation } = decideOn(before, COMMANDS[name]);
  if (refusal) return refusal.code;
  return invitation ? invitation.state : '=';
}

describe('an invitation', () => {
  test('[BIN1] begins sent, with its texts as they were given', () => {
    expect(decideOn(undefined, INVITE)).toEqual({
      refusal: null,
      invitation: {
        id: ID,
        version: 1,
        caller: 'alice',
        callee: 'bob',
        content: '{"room":"17"}',
        channel: 'room 17',
        isCalleeAway: false,
        sentAt: T0,
        changedAt: T0,
        state: 'sent',
      },
    });
  });

  test('[BIN2] the same again changes nothing, with another callee or caller its id is taken', () => {
    const sent = after('invite');
    expect(decideOn(sent, INVITE)).toEqual({ refusal: null, invitation: undefined });
    expect(decideOn(after('invite', 'cancel'), INVITE).refusal).toBeNull();
    for (const other of [{ to: 'carol' }, { by: CAROL }]) {
      const { refusal, invitation } = decideOn(sent, { ...INVITE, ...other });
      expect(refusal?.code).toBe('invitation-id-taken');
      expect(invitation).toBeUndefined();
    }
  });

  test('[BIN3] nobody invites itself', () => {
    expect(decideOn(undefined, { ...INVITE, to: 'alice' })).toMatchObject({
      refusal: { code: 'self-call' },
      invitation: undefined,
    });
  });

  test('[BIN4] a caller has so many open and no more', () => {
    const last = decideOn(undefined, INVITE, T0, { open: MAX_OPEN_INVITATIONS - 1 });
    expect(last.invitation?.state).toBe('sent');
    const more = decideOn(undefined, INVITE, T0, { open: MAX_OPEN_INVITATIONS });
    expect(more).toMatchObject({ refusal: { code: 'too-many-invitations' } });
    expect(more.invitation).toBeUndefined();
  });

  test.each([
    ['incoming', MAX_INCOMING_INVITATIONS, 'That callee has the most'],
    ['between', MAX_INVITATIONS_TO_ONE, 'open to that callee'],
  ])('[BIN15] a callee has so many %s and no more: %i', (count, most, words) => {
    const last = decideOn(undefined, INVITE, T0, { [count]: most - 1 });
    expect(last.invitation?.state).toBe('sent');
    const more = decideOn(undefined, INVITE, T0, { [count]: most });
    expect(more.refusal).toMatchObject({ code: 'too-many-invitations' });
    expect(more.refusal?.message).toContain(words);
    expect(more.invitation).toBeUndefined();
    expect(decideOn(after('invite'), INVITE, T0, { [count]: most }).refusal).toBeNull();
  });
});

const POSITIONS = {
  sent: after('invite'),
  received: after('invite', 'receive'),
  accepting: after('invite', 'receive', 'accept'),
  accepted: after('invite', 'receive', 'accept', 'confirm'),
  refused: after('invite', 'receive', 'refuse'),
  cancelled: after('invite', 'receive', 'cancel'),
  failed: after('invite', 'receive', 'lose caller'),
};

const TABLE: Readonly<Record<Exclude<CommandName, 'invite'>, readonly string[]>> = {
  receive: ['received', '=', '=', '=', '=', '=', '='],
  accept: ['accepting', 'accepting', '=', '=', 'wrong-state', 'wrong-state', 'wrong-state'],
  'accept elsewhere': [
    'accepting',
    'accepting',
    'answered-elsewhere',
    'answered-elsewhere',
    'wrong-state',
    'wrong-state',
    'wrong-state',
  ],
  confirm: [
    'wrong-state',
    'wrong-state',
    'accepted',
    '=',
    'wrong-state',
    'wrong-state',
    'wrong-state',
  ],
  refuse: ['refused', 'refused', 'wrong-state', 'wrong-state', '=', 'wrong-state', 'wrong-state'],
  'refuse elsewhere': [
    'refused',
    'refused',
    'answered-elsewhere',
    'answered-elsewhere',
    '=',
    'wrong-state',
    'wrong-state',
  ],
  cancel: ['cancelled', 'cancelled', 'cancelled', 'wrong-state', 'wrong-state', '=', 'wrong-state'],
  'lose caller': ['failed', 'failed', 'failed', '=', '=', '=', '='],
  goodbye: ['cancelled', 'cancelled', 'cancelled', '=', '=', '=', '='],
  expire: ['=', '=', '=', '=', '=', '=', '='],
};

describe('commands', () => {
  test.each(Object.entries(TABLE))('[BIN5] %s does what the table says', (name, expected) => {
    const told = Object.values(POSITIONS).map((before) => outcomeOf(before, name as CommandName));
    expect(told).toEqual(expected);
  });

  test('[BIN5] a response travels as it is, and who gave it', () => {
    expect(POSITIONS.accepted).toMatchObject({
      answer: { response: 'coming', answeredBy: 'bob1' },
    });
    expect(POSITIONS.refused).toMatchObject({
      answer: { response: 'no time', answeredBy: 'bob1' },
    });
    expect(after('invite', 'refuse elsewhere')).toMatchObject({
      answer: { response: 'not here', answeredBy: 'bob2' },
    });
  });

  test('[BIN6] a stranger learns nothing, and each side does only what is its own', () => {
    for (const name of ['receive', 'accept', 'confirm', 'refuse', 'cancel'] as const) {
      const command = COMMANDS[name];
      const codeBy = (by: typeof CAROL) =>
        decideOn(POSITIONS.received, { ...command, by }).refusal?.code;
      expect([name, codeBy(CAROL)]).toEqual([name, 'unknown-invitation']);
      expect([name, decideOn(undefined, command).refusal?.code]).toEqual([
        name,
        'unknown-invitation',
      ]);
      const other = command.by.user === 'alice' ? BOB : ALICE;
      expect([name, codeBy(other)]).toEqual([name, 'forbidden']);
    }
  });

  test('[BIN7] the caller cancels what was accepted, until its own page has confirmed it', () => {
    expect(outcomeOf(POSITIONS.accepting, 'cancel')).toBe('cancelled');
    expect(outcomeOf(after('invite', 'accept', 'cancel'), 'confirm')).toBe('wrong-state');
    expect(outcomeOf(POSITIONS.accepted, 'cancel')).toBe('wrong-state');
  });

  test('[BIN11] with the caller its open invitations are gone', () => {
    for (const state of ['sent', 'received', 'accepting'] as const) {
      const { invitation } = decideOn(POSITIONS[state], COMMANDS['lose caller']);
      expect(invitation).toMatchObject({ state: 'failed', failure: 'caller-gone' });
      const left = decideOn(POSITIONS[state], COMMANDS.goodbye).invitation;
      expect(left).toMatchObject({ state: 'cancelled', failure: null });
    }
  });
});

describe('time', () => {
  test.each([
    [true, 'no-response'],
    [false, 'peer-offline'],
  ])(
    '[BIN8] nobody has reported it in time, and whether the callee is there is %s: %s',
    (isCalleeHere, failure) => {
      const before = after('invite');
      expect(invitationDeadlineOf(before)).toBe(T0 + INVITATION_REACH_MS);
      const at = (ms: number) => decideOn(before, COMMANDS.expire, T0 + ms, { isCalleeHere });
      expect(at(INVITATION_REACH_MS - 1).invitation).toBeUndefined();
      expect(at(INVITATION_REACH_MS).invitation).toMatchObject({ state: 'failed', failure });
    },
  );

  test('[BIN9] nobody has answered it in time, counted from when it was sent', () => {
    const before = after('invite', ['receive', INVITATION_REACH_MS - 1]);
    expect(invitationDeadlineOf(before)).toBe(T0 + INVITATION_LIFE_MS);
    const at = (ms: number) => decideOn(before, COMMANDS.expire, T0 + ms).invitation;
    expect(at(INVITATION_LIFE_MS - 1)).toBeUndefined();
    expect(at(INVITATION_LIFE_MS)).toMatchObject({ state: 'failed', failure: 'expired' });
  });

  test('[BIN10] an acceptance is confirmed in time, also one of the last moment, or has failed', () => {
    const late = INVITATION_LIFE_MS - 1;
    const before = after('invite', 'receive', ['accept', late]);
    const at = (name: CommandName, ms: number) =>
      decideOn(before, COMMANDS[name], T0 + late + ms).invitation;
    expect(at('confirm', CONFIRM_TIMEOUT_MS - 1)).toMatchObject({ state: 'accepted' });
    expect(at('expire', CONFIRM_TIMEOUT_MS - 1)).toBeUndefined();
    expect(at('expire', CONFIRM_TIMEOUT_MS)).toMatchObject({
      state: 'failed',
      failure: 'not-confirmed',
      answer: { response: 'coming', answeredBy: 'bob1' },
    });
  });

  test('[BIN12] what is late meets an invitation that is over, though no timer has fired', () => {
    const before = after('invite', 'receive');
    const { refusal, invitation } = decideOn(before, COMMANDS.accept, T0 + INVITATION_LIFE_MS);
    expect(refusal?.code).toBe('wrong-state');
    expect(invitation).toMatchObject({ state: 'failed', failure: 'expired', version: 3 });
  });

  test('[BIN12] time never goes back within an invitation', () => {
    const before = after(['invite', 500]);
    expect(decideOn(before, COMMANDS.receive, T0).invitation?.changedAt).toBe(T0 + 500);
  });
});

describe('views', () => {
  test('[BIN14] each side sees all of it, a stranger nothing', () => {
    const seen = {
      id: ID,
      version: 3,
      content: '{"room":"17"}',
      channel: 'room 17',
      response: 'coming',
      state: 'accepting',
      answeredBy: 'bob1',
      remainingMs: INVITATION_LIFE_MS - 1_000,
    };
    const at = T0 + 1_000;
    const { accepting } = POSITIONS;
    expect(invitationViewOf(accepting, 'alice', at)).toEqual({
      ...seen,
      side: 'caller',
      peer: 'bob',
    });
    expect(invitationViewOf(accepting, 'bob', at)).toEqual({
      ...seen,
      side: 'callee',
      peer: 'alice',
    });
    expect(invitationViewOf(accepting, 'carol', at)).toBeUndefined();
  });

  test('[BIN14] what is over has no time left, and says why it failed', () => {
    const { failed, cancelled } = POSITIONS;
    expect(invitationViewOf(failed, 'bob', T0)).toMatchObject({
      failure: 'caller-gone',
      remainingMs: 0,
      response: '',
    });
    expect(invitationViewOf(cancelled, 'bob', T0)).not.toHaveProperty('failure');
    expect(invitationViewOf(POSITIONS.sent, 'bob', T0)?.response).toBe('');
  });
});
