import type { UserId } from '@ringline/client';
import type { LocalInvitation, LocalInvitationEvents } from './invitations/local-invitation.ts';
import type { RemoteInvitation, RemoteInvitationEvents } from './invitations/remote-invitation.ts';
import type { EventsOf, Tell } from './listeners.ts';
import { tellOne } from './listeners.ts';
import { RtmError } from './rtm-error.ts';
import type { LocalInvitationFailureReason, RemoteInvitationFailureReason } from './words.ts';

/** What a manager needs of its door. */
export interface CallManagerParts<Local, Remote> {
  /** An invitation that is not sent yet; throws an RtmError when the callee's id is none. */
  create(calleeId: UserId): Local;
  /** What stands behind what the app has; throws an RtmError when that is no invitation of this client. */
  local(invitation: Local): LocalInvitation;
  remote(invitation: Remote): RemoteInvitation;
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
 * and one handler is told of all invitations. A command on what has ended is ALREADY_END in both dialects:
 * an app that is given 0 waits for its callback.
 */
export class RtmCallManager<Local, Remote> {
  readonly #parts: CallManagerParts<Local, Remote>;

  constructor(parts: CallManagerParts<Local, Remote>) {
    this.#parts = parts;
  }

  /** An invitation that is not sent yet; null when the callee's id is none. */
  createLocalCallInvitation(calleeId: UserId): Local | null {
    try {
      return this.#parts.create(calleeId);
    } catch (error) {
      if (error instanceof RtmError) return null;
      throw error;
    }
  }

  sendLocalInvitation(invitation: Local): number {
    return numberOf(() => this.#parts.local(invitation).send());
  }

  cancelLocalInvitation(invitation: Local): number {
    return numberOf(() => this.#parts.local(invitation).cancel(true));
  }

  acceptRemoteInvitation(invitation: Remote): number {
    return numberOf(() => this.#parts.remote(invitation).accept(true));
  }

  refuseRemoteInvitation(invitation: Remote): number {
    return numberOf(() => this.#parts.remote(invitation).refuse(true));
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
