import type { UserId } from '@ringline/client';
import type { LocalInvitationEvents } from './invitations/local-invitation.ts';
import type { RemoteInvitationEvents } from './invitations/remote-invitation.ts';
import type { EventsOf, Tell } from './listeners.ts';
import { tellOne } from './listeners.ts';
import { RtmError } from './rtm-error.ts';
import type { LocalInvitationFailureReason, RemoteInvitationFailureReason } from './words.ts';

/** What a manager does with an invitation of the caller's side. */
export interface ManagedLocal {
  send(): void;
  cancel(): void;
}

/** And with one of the callee's side. */
export interface ManagedRemote {
  accept(): void;
  refuse(): void;
}

/** The callbacks of RTM's native call manager; each may be left out. Reasons are the native numbers. */
export interface CallEventHandler<Local, Remote> {
  onLocalInvitationReceivedByPeer?(localInvitation: Local): void;
  onLocalInvitationAccepted?(localInvitation: Local, response: string): void;
  onLocalInvitationRefused?(localInvitation: Local, response: string): void;
  onLocalInvitationCanceled?(localInvitation: Local): void;
  onLocalInvitationFailure?(localInvitation: Local, errorCode: number): void;
  onRemoteInvitationReceived?(remoteInvitation: Remote): void;
  onRemoteInvitationAccepted?(remoteInvitation: Remote): void;
  onRemoteInvitationRefused?(remoteInvitation: Remote): void;
  onRemoteInvitationCanceled?(remoteInvitation: Remote): void;
  onRemoteInvitationFailure?(remoteInvitation: Remote, errorCode: number): void;
}

/** The native numbers of LOCAL_INVITATION_ERR_CODE; UNKNOWN is the web's own. */
export const LOCAL_INVITATION_ERR: Readonly<Record<LocalInvitationFailureReason, number>> = {
  UNKNOWN: -1,
  PEER_OFFLINE: 1,
  PEER_NO_RESPONSE: 2,
  INVITATION_EXPIRE: 3,
  NOT_LOGGEDIN: 4,
};

/** The native numbers of REMOTE_INVITATION_ERR_CODE; UNKNOWN is the web's own. */
export const REMOTE_INVITATION_ERR: Readonly<Record<RemoteInvitationFailureReason, number>> = {
  UNKNOWN: -1,
  PEER_OFFLINE: 1,
  ACCEPT_FAILURE: 2,
  INVITATION_EXPIRE: 3,
};

/** Tells a handler what becomes of an invitation of the caller's side. */
export function localTeller<Local>(
  handler: CallEventHandler<Local, never>,
  invitation: Local,
): Tell<LocalInvitationEvents> {
  return tellerOf<LocalInvitationEvents>({
    LocalInvitationReceivedByPeer: () => handler.onLocalInvitationReceivedByPeer?.(invitation),
    LocalInvitationAccepted: (text) => handler.onLocalInvitationAccepted?.(invitation, text),
    LocalInvitationRefused: (text) => handler.onLocalInvitationRefused?.(invitation, text),
    LocalInvitationCanceled: () => handler.onLocalInvitationCanceled?.(invitation),
    LocalInvitationFailure: (reason) =>
      handler.onLocalInvitationFailure?.(invitation, LOCAL_INVITATION_ERR[reason]),
  });
}

/** And of the callee's side. */
export function remoteTeller<Remote>(
  handler: CallEventHandler<never, Remote>,
  invitation: Remote,
): Tell<RemoteInvitationEvents> {
  return tellerOf<RemoteInvitationEvents>({
    RemoteInvitationAccepted: () => handler.onRemoteInvitationAccepted?.(invitation),
    RemoteInvitationRefused: () => handler.onRemoteInvitationRefused?.(invitation),
    RemoteInvitationCanceled: () => handler.onRemoteInvitationCanceled?.(invitation),
    RemoteInvitationFailure: (reason) =>
      handler.onRemoteInvitationFailure?.(invitation, REMOTE_INVITATION_ERR[reason]),
  });
}

function tellerOf<Events extends EventsOf<Events>>(listeners: Events): Tell<Events> {
  return (name, ...args) => tellOne(name, listeners[name], args);
}

/**
 * RTM's call manager as its native SDKs have it: methods give 0 or the number of an InvitationApiCallError,
 * and one handler is told of all invitations.
 */
export class RtmCallManager<Local extends ManagedLocal, Remote extends ManagedRemote> {
  readonly #create: (calleeId: UserId) => Local;

  constructor(create: (calleeId: UserId) => Local) {
    this.#create = create;
  }

  /** An invitation that is not sent yet; null when the callee's id is none. */
  createLocalCallInvitation(calleeId: UserId): Local | null {
    try {
      return this.#create(calleeId);
    } catch (error) {
      if (error instanceof RtmError) return null;
      throw error;
    }
  }

  sendLocalInvitation(invitation: Local): number {
    return numberOf(() => invitation.send());
  }

  cancelLocalInvitation(invitation: Local): number {
    return numberOf(() => invitation.cancel());
  }

  acceptRemoteInvitation(invitation: Remote): number {
    return numberOf(() => invitation.accept());
  }

  refuseRemoteInvitation(invitation: Remote): number {
    return numberOf(() => invitation.refuse());
  }
}

/** 0, or the vendor's number of what was thrown. */
function numberOf(act: () => void): number {
  try {
    act();
    return 0;
  } catch (error) {
    if (error instanceof RtmError) return error.code;
    throw error;
  }
}
