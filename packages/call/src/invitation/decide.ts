import type { InvitationFailure } from '@ringline/protocol';
import {
  CONFIRM_TIMEOUT_MS,
  MAX_INCOMING_INVITATIONS,
  MAX_INVITATIONS_TO_ONE,
  MAX_OPEN_INVITATIONS,
  refusal,
} from '@ringline/protocol';
import type { Refusal, RefusalCode } from '@ringline/protocol';
import type { Role } from '../call.ts';
import type { AnswerToInvitation, InvitationCommand, InviteBarely } from './command.ts';
import { invitationDeadlineOf } from './deadline.ts';
import type { Answered, Invitation, OpenInvitation, Over } from './invitation.ts';
import { isOpenInvitation } from './invitation.ts';

/** What a decision about a bare invitation sees. */
export interface InvitationWorld {
  /** The one that is named, if there is one. */
  readonly invitation: Invitation | undefined;
  /** How many the caller of a new one has open. */
  readonly open: number;
  /** How many its callee has open as a callee. */
  readonly incoming: number;
  /** How many of these are of that caller. */
  readonly between: number;
  /** Whether a page of the callee that speaks RTM can be reached. */
  readonly isCalleeHere: boolean;
}

/** What becomes of it: the invitation one version on, or undefined where it stays as it is. */
export interface InvitationDecision {
  readonly refusal: Refusal | null;
  readonly invitation: Invitation | undefined;
}

type Move = Invitation | Refusal;

/** Decides a command; a deadline that has passed is applied first, whichever node's timer is late. */
export function decideInvitation(
  world: InvitationWorld,
  command: InvitationCommand,
  now: number,
): InvitationDecision {
  const before = world.invitation;
  const settled = before && settledInvitation(before, world, now);
  const move = moveOf({ ...world, invitation: settled }, command, now);
  const isRefused = 'code' in move;
  const after = isRefused ? settled : move;
  return {
    refusal: isRefused ? move : null,
    invitation: after === before ? undefined : after && moved(before, after, now),
  };
}

/** However many things happened to it at once, a step is one version. */
function moved(before: Invitation | undefined, after: Invitation, now: number): Invitation {
  const changedAt = Math.max(now, before?.changedAt ?? now);
  return { ...after, version: (before?.version ?? 0) + 1, changedAt };
}

function moveOf(world: InvitationWorld, command: InvitationCommand, now: number): Move {
  const { invitation } = world;
  if (command.type === 'rtm-invite') return invited(world, command, now);
  if (invitation === undefined) return refusal('unknown-invitation');
  switch (command.type) {
    case 'rtm-lose-caller':
      return withoutCaller(invitation, command.hasLeft);
    case 'rtm-expire':
      return invitation;
    case 'rtm-receive':
    case 'rtm-accept':
    case 'rtm-confirm':
    case 'rtm-refuse':
    case 'rtm-cancel':
      return answered(invitation, command, now);
  }
}

function invited(
  { invitation, ...world }: InvitationWorld,
  { invitation: id, by, to, content, channel }: InviteBarely,
  now: number,
): Move {
  if (invitation !== undefined) {
    const isSame = invitation.caller === by.user && invitation.callee === to;
    return isSame ? invitation : refusal('invitation-id-taken');
  }
  if (by.user === to) return refusal('self-call', { message: 'A user cannot invite itself.' });
  const tooMany = tooManyOpen(world);
  if (tooMany) return tooMany;
  const caller = by.user;
  const isCalleeAway = !world.isCalleeHere;
  const sent = { id, version: 0, caller, callee: to, content, channel, isCalleeAway };
  return { ...sent, state: 'sent', sentAt: now, changedAt: now };
}

function tooManyOpen({
  open,
  incoming,
  between,
}: Omit<InvitationWorld, 'invitation'>): Refusal | undefined {
  if (open >= MAX_OPEN_INVITATIONS) return refusal('too-many-invitations');
  if (between >= MAX_INVITATIONS_TO_ONE) {
    return refusal('too-many-invitations', { message: TOO_MANY_TO_ONE });
  }
  const isFull = incoming >= MAX_INCOMING_INVITATIONS;
  return isFull ? refusal('too-many-invitations', { message: TOO_MANY_INCOMING }) : undefined;
}

const TOO_MANY_TO_ONE =
  'This user has the most invitations allowed open to that callee; cancel one, or wait for its end.';
const TOO_MANY_INCOMING = 'That callee has the most invitations allowed open; try again later.';

function answered(invitation: Invitation, command: AnswerToInvitation, now: number): Move {
  const role = roleIn(invitation, command.by.user);
  if (role === undefined) return refusal('unknown-invitation');
  if (role !== ROLE_OF[command.type]) return refusal('forbidden', { message: NOT_YOURS[role] });
  switch (command.type) {
    case 'rtm-receive':
      return invitation.state === 'sent' ? { ...invitation, state: 'received' } : invitation;
    case 'rtm-accept':
      return accepted(invitation, answerOf(command), now);
    case 'rtm-confirm':
      return confirmed(invitation);
    case 'rtm-refuse':
      return refusedBy(invitation, answerOf(command));
    case 'rtm-cancel':
      return cancelled(invitation);
  }
}

const ROLE_OF: Readonly<Record<AnswerToInvitation['type'], Role>> = {
  'rtm-receive': 'callee',
  'rtm-accept': 'callee',
  'rtm-confirm': 'caller',
  'rtm-refuse': 'callee',
  'rtm-cancel': 'caller',
};

const NOT_YOURS: Readonly<Record<Role, string>> = {
  caller: 'Only the callee can do that; the caller cancels, or confirms an acceptance.',
  callee: 'Only the caller can do that; the callee accepts or refuses.',
};

function roleIn({ caller, callee }: Invitation, user: string): Role | undefined {
  if (user === caller) return 'caller';
  return user === callee ? 'callee' : undefined;
}

function answerOf({ response, by }: { response: string; by: { device: string } }): Answered {
  return { response, answeredBy: by.device };
}

function accepted(invitation: Invitation, answer: Answered, now: number): Move {
  switch (invitation.state) {
    case 'sent':
    case 'received':
      return {
        ...invitation,
        ...answer,
        state: 'accepting',
        confirmBy: now + CONFIRM_TIMEOUT_MS,
      };
    case 'accepting':
      return invitation.answeredBy === answer.answeredBy ? invitation : ELSEWHERE;
    case 'accepted':
      return isBy(invitation, answer) ? invitation : ELSEWHERE;
    case 'refused':
    case 'cancelled':
    case 'failed':
      return wrongState(invitation, 'accept');
  }
}

function refusedBy(invitation: Invitation, answer: Answered): Move {
  switch (invitation.state) {
    case 'sent':
    case 'received':
      return over(invitation, 'refused', answer);
    case 'accepting':
      return invitation.answeredBy === answer.answeredBy
        ? wrongState(invitation, 'refuse')
        : ELSEWHERE;
    case 'refused':
      return invitation;
    case 'accepted':
      return isBy(invitation, answer) ? wrongState(invitation, 'refuse') : ELSEWHERE;
    case 'cancelled':
    case 'failed':
      return wrongState(invitation, 'refuse');
  }
}

/** The callee's acceptance stands. */
function confirmed(invitation: Invitation): Move {
  switch (invitation.state) {
    case 'accepting':
      return over(invitation, 'accepted', answerGiven(invitation));
    case 'accepted':
      return invitation;
    case 'sent':
    case 'received':
    case 'refused':
    case 'cancelled':
    case 'failed':
      return wrongState(invitation, 'confirm');
  }
}

/** As long as its own page has not confirmed an acceptance, the caller has not been answered. */
function cancelled(invitation: Invitation): Move {
  switch (invitation.state) {
    case 'sent':
    case 'received':
      return over(invitation, 'cancelled', null);
    case 'accepting':
      return over(invitation, 'cancelled', answerGiven(invitation));
    case 'cancelled':
      return invitation;
    case 'accepted':
    case 'refused':
    case 'failed':
      return wrongState(invitation, 'cancel');
  }
}

/** Who says goodbye takes back what it asked; who is lost has not. */
function withoutCaller(invitation: Invitation, hasLeft: boolean): Move {
  if (!isOpenInvitation(invitation)) return invitation;
  return hasLeft ? cancelled(invitation) : failed(invitation, 'caller-gone');
}

const ELSEWHERE: Refusal = refusal('answered-elsewhere');

function isBy({ answer }: Over, { answeredBy }: Answered): boolean {
  return answer?.answeredBy === answeredBy;
}

function answerGiven(invitation: OpenInvitation): Answered | null {
  if (invitation.state !== 'accepting') return null;
  const { response, answeredBy } = invitation;
  return { response, answeredBy };
}

function wrongState({ state }: Invitation, wish: string): Refusal {
  const code: RefusalCode = 'wrong-state';
  return refusal(code, { message: `Cannot ${wish}: the invitation is ${state}.` });
}

/** What is left when nothing more becomes of it. */
function over(
  {
    id,
    version,
    caller,
    callee,
    content,
    channel,
    isCalleeAway,
    sentAt,
    changedAt,
  }: OpenInvitation,
  state: Over['state'],
  answer: Answered | null,
  failure: InvitationFailure | null = null,
): Over {
  const asked = { id, version, caller, callee, content, channel, isCalleeAway, sentAt, changedAt };
  return { ...asked, state, failure, answer };
}

function failed(invitation: OpenInvitation, why: InvitationFailure): Over {
  return over(invitation, 'failed', answerGiven(invitation), why);
}

/** The invitation once a deadline that has passed is applied. */
function settledInvitation(
  invitation: Invitation,
  { isCalleeHere }: InvitationWorld,
  now: number,
): Invitation {
  const deadline = invitationDeadlineOf(invitation);
  if (deadline === null || now < deadline || !isOpenInvitation(invitation)) return invitation;
  switch (invitation.state) {
    case 'sent':
      return failed(invitation, isCalleeHere ? 'no-response' : 'peer-offline');
    case 'received':
      return failed(invitation, 'expired');
    case 'accepting':
      return failed(invitation, 'not-confirmed');
  }
}
