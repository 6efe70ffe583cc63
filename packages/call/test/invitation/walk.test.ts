import { CONFIRM_TIMEOUT_MS, INVITATION_LIFE_MS, INVITATION_REACH_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Invitation } from '../../src/index.ts';
import {
  flawsOfInvitation,
  invitationDeadlineOf,
  invitationEventsBetween,
  isOpenInvitation,
} from '../../src/index.ts';
import type { CommandName } from './people.ts';
import { COMMANDS, T0, decideOn } from './people.ts';

/** Moments that differ for some deadline: between any two of them nothing new can happen. */
const MOMENTS = [
  0,
  INVITATION_REACH_MS - 1,
  INVITATION_REACH_MS,
  INVITATION_REACH_MS + CONFIRM_TIMEOUT_MS - 1,
  INVITATION_LIFE_MS - 1,
  INVITATION_LIFE_MS,
  INVITATION_LIFE_MS + CONFIRM_TIMEOUT_MS - 1,
  INVITATION_LIFE_MS + CONFIRM_TIMEOUT_MS,
];

interface Position {
  readonly invitation: Invitation;
  readonly moment: number;
}

function keyOf({ invitation, moment }: Position): string {
  return JSON.stringify([{ ...invitation, version: 0 }, moment]);
}

/** Every position that commands and time lead to, whoever gives which when. */
function walk(): readonly Position[] {
  const { invitation: first } = decideOn(undefined, COMMANDS.invite);
  if (first === undefined) throw new Error('no invitation came of it');
  const found = new Map<string, Position>();
  const ahead: Position[] = [{ invitation: first, moment: 0 }];
  for (let position = ahead.pop(); position; position = ahead.pop()) {
    const key = keyOf(position);
    if (found.has(key)) continue;
    found.set(key, position);
    ahead.push(...nextTo(position));
  }
  return [...found.values()];
}

function nextTo({ invitation, moment }: Position): readonly Position[] {
  const next: Position[] = [];
  const now = T0 + (MOMENTS[moment] ?? 0);
  for (const name of Object.keys(COMMANDS) as CommandName[]) {
    for (const isCalleeHere of [true, false]) {
      const decision = decideOn(invitation, COMMANDS[name], now, { isCalleeHere });
      const after = decision.invitation;
      if (after === undefined) continue;
      expect(after.version).toBe(invitation.version + 1);
      expect([name, isOpenInvitation(invitation)]).toEqual([name, true]);
      const told = invitationEventsBetween(invitation, after).map(({ type }) => type);
      expect([name, told]).toEqual([name, isOpenInvitation(after) ? [] : ['invitation.ended']]);
      next.push({ invitation: after, moment });
    }
  }
  if (moment + 1 < MOMENTS.length) next.push({ invitation, moment: moment + 1 });
  return next;
}

test('[BIN13] in every position of an invitation what must hold holds, and what is over stays so', () => {
  const positions = walk();
  for (const { invitation } of positions) {
    expect(flawsOfInvitation(invitation)).toEqual([]);
    expect(invitationDeadlineOf(invitation) === null).toBe(!isOpenInvitation(invitation));
  }
  const ends = new Set(
    positions.flatMap(({ invitation }) =>
      isOpenInvitation(invitation) ? [] : [invitation.failure ?? invitation.state],
    ),
  );
  expect([...ends].toSorted((a, b) => a.localeCompare(b))).toEqual([
    'accepted',
    'caller-gone',
    'cancelled',
    'expired',
    'no-response',
    'not-confirmed',
    'peer-offline',
    'refused',
  ]);
  expect(positions.length).toBeGreaterThan(100);
});

test('[BIN9] whatever was done, an invitation is over when its life and the time to confirm are', () => {
  const end = T0 + INVITATION_LIFE_MS + CONFIRM_TIMEOUT_MS;
  for (const { invitation } of walk()) {
    const after = decideOn(invitation, COMMANDS.expire, end).invitation ?? invitation;
    expect(isOpenInvitation(after)).toBe(false);
  }
});
