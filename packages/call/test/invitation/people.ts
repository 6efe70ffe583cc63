import type {
  Invitation,
  InvitationCommand,
  InvitationWorld,
  InviteBarely,
} from '../../src/index.ts';
import { decideInvitation } from '../../src/index.ts';
import type { InvitationDecision } from '../../src/index.ts';

export const ID = 'p3V9sLq0YbT7hXnEz5kMcQ';
export const T0 = 1_767_225_600_000;
export const ALICE = { user: 'alice', device: 'alice1' };
export const BOB = { user: 'bob', device: 'bob1' };
export const BOB2 = { user: 'bob', device: 'bob2' };
export const CAROL = { user: 'carol', device: 'carol1' };

export const INVITE: InviteBarely = {
  type: 'rtm-invite',
  invitation: ID,
  by: ALICE,
  to: 'bob',
  content: '{"room":"17"}',
  channel: 'room 17',
};

const invitation = ID;
export const COMMANDS = {
  invite: INVITE,
  receive: { type: 'rtm-receive', invitation, by: BOB },
  accept: { type: 'rtm-accept', invitation, by: BOB, response: 'coming' },
  'accept elsewhere': { type: 'rtm-accept', invitation, by: BOB2, response: 'me too' },
  confirm: { type: 'rtm-confirm', invitation, by: ALICE },
  refuse: { type: 'rtm-refuse', invitation, by: BOB, response: 'no time' },
  'refuse elsewhere': { type: 'rtm-refuse', invitation, by: BOB2, response: 'not here' },
  cancel: { type: 'rtm-cancel', invitation, by: ALICE },
  'lose caller': { type: 'rtm-lose-caller', invitation, hasLeft: false },
  goodbye: { type: 'rtm-lose-caller', invitation, hasLeft: true },
  expire: { type: 'rtm-expire', invitation },
} as const satisfies Record<string, InvitationCommand>;
export type CommandName = keyof typeof COMMANDS;

/** One command, on what was left by those before it. */
export function decideOn(
  before: Invitation | undefined,
  command: InvitationCommand,
  now: number = T0,
  world: Partial<InvitationWorld> = {},
): InvitationDecision {
  return decideInvitation(
    { invitation: before, open: 0, incoming: 0, between: 0, isCalleeHere: true, ...world },
    command,
    now,
  );
}

/** What is left after these commands, each at its time after T0. */
export function after(...commands: readonly (CommandName | [CommandName, number])[]): Invitation {
  let invitation: Invitation | undefined;
  for (const each of commands) {
    const [name, ms] = typeof each === 'string' ? ([each, 0] as const) : each;
    invitation = decideOn(invitation, COMMANDS[name], T0 + ms).invitation ?? invitation;
  }
  if (invitation === undefined) throw new Error('no invitation came of it');
  return invitation;
}
