import { createHash } from 'node:crypto';
import type {
  AskedCall,
  AskedInvitation,
  CallId,
  DeviceId,
  InvitationId,
  Invite,
  Peer,
  PreCallData,
  PreCallRequest,
  RtmInvite,
} from '@ringline/protocol';
import { RING_TIMEOUT_MS } from '@ringline/protocol';

/** An invitation that somebody else is asked about. */
export interface Question {
  readonly invite: Invite | RtmInvite;
  readonly caller: Peer;
  readonly device: DeviceId;
}

/**
 * The same for the same invitation of the same device, however often, over whichever connection and on
 * whichever node it is asked about; another for any other. So a customer may count each once.
 */
export function idOf(question: Question): string {
  const said = JSON.stringify([question.device, question.invite.seq, dataOf(question)]);
  return `pre-call_${createHash('sha256').update(said).digest('base64url').slice(0, 22)}`;
}

/** What is asked, as JSON. */
export function bodyOf(question: Question, now: number): string {
  const body: PreCallRequest = {
    type: 'call.requested',
    timestamp: new Date(now).toISOString(),
    data: dataOf(question),
  };
  return JSON.stringify(body);
}

/** What it is about, as a log names it. */
export function namesOf({ invite }: Question): { call: CallId } | { invitation: InvitationId } {
  return invite.type === 'invite' ? { call: invite.call } : { invitation: invite.invitation };
}

function dataOf({ invite, caller }: Question): PreCallData {
  return invite.type === 'invite' ? callOf(invite, caller) : invitationOf(invite, caller);
}

function invitationOf(invite: RtmInvite, caller: Peer): AskedInvitation {
  const { invitation, to, content, channel } = invite;
  return { kind: 'invitation', invitation, caller, callee: to, content, channel };
}

function callOf(invite: Invite, caller: Peer): AskedCall {
  const { call, to, media, content, ringTimeoutMs, holdable } = invite;
  return {
    kind: 'call',
    call,
    caller,
    callee: to,
    media,
    ...(content !== undefined && { content }),
    ringTimeoutMs: ringTimeoutMs ?? RING_TIMEOUT_MS,
    holdable: holdable ?? true,
  };
}
