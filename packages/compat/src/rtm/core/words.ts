/** The words of RTM 1.x: on the web every member of an enumeration is its own name. */

/** Where a login stands. */
export const ConnectionState = {
  DISCONNECTED: 'DISCONNECTED',
  CONNECTING: 'CONNECTING',
  CONNECTED: 'CONNECTED',
  RECONNECTING: 'RECONNECTING',
  ABORTED: 'ABORTED',
} as const;
export type ConnectionState = (typeof ConnectionState)[keyof typeof ConnectionState];

/** Why a login has changed where it stands. */
export const ConnectionChangeReason = {
  LOGIN: 'LOGIN',
  LOGIN_SUCCESS: 'LOGIN_SUCCESS',
  LOGIN_FAILURE: 'LOGIN_FAILURE',
  LOGIN_TIMEOUT: 'LOGIN_TIMEOUT',
  INTERRUPTED: 'INTERRUPTED',
  LOGOUT: 'LOGOUT',
  BANNED_BY_SERVER: 'BANNED_BY_SERVER',
  REMOTE_LOGIN: 'REMOTE_LOGIN',
  TOKEN_EXPIRED: 'TOKEN_EXPIRED',
} as const;
export type ConnectionChangeReason =
  (typeof ConnectionChangeReason)[keyof typeof ConnectionChangeReason];

/** Where an invitation stands on the caller's side. */
export const LocalInvitationState = {
  IDLE: 'IDLE',
  SENT_TO_REMOTE: 'SENT_TO_REMOTE',
  RECEIVED_BY_REMOTE: 'RECEIVED_BY_REMOTE',
  ACCEPTED_BY_REMOTE: 'ACCEPTED_BY_REMOTE',
  REFUSED_BY_REMOTE: 'REFUSED_BY_REMOTE',
  CANCELED: 'CANCELED',
  FAILURE: 'FAILURE',
} as const;
export type LocalInvitationState = (typeof LocalInvitationState)[keyof typeof LocalInvitationState];

/** Where an invitation stands on the callee's side. */
export const RemoteInvitationState = {
  INVITATION_RECEIVED: 'INVITATION_RECEIVED',
  ACCEPT_SENT_TO_LOCAL: 'ACCEPT_SENT_TO_LOCAL',
  REFUSED: 'REFUSED',
  ACCEPTED: 'ACCEPTED',
  CANCELED: 'CANCELED',
  FAILURE: 'FAILURE',
} as const;
export type RemoteInvitationState =
  (typeof RemoteInvitationState)[keyof typeof RemoteInvitationState];

/** Why an invitation failed, to the caller. */
export const LocalInvitationFailureReason = {
  UNKNOWN: 'UNKNOWN',
  PEER_NO_RESPONSE: 'PEER_NO_RESPONSE',
  INVITATION_EXPIRE: 'INVITATION_EXPIRE',
  PEER_OFFLINE: 'PEER_OFFLINE',
  NOT_LOGGEDIN: 'NOT_LOGGEDIN',
} as const;
export type LocalInvitationFailureReason =
  (typeof LocalInvitationFailureReason)[keyof typeof LocalInvitationFailureReason];

/** Why an invitation failed, to the callee. */
export const RemoteInvitationFailureReason = {
  UNKNOWN: 'UNKNOWN',
  PEER_OFFLINE: 'PEER_OFFLINE',
  ACCEPT_FAILURE: 'ACCEPT_FAILURE',
  INVITATION_EXPIRE: 'INVITATION_EXPIRE',
} as const;
export type RemoteInvitationFailureReason =
  (typeof RemoteInvitationFailureReason)[keyof typeof RemoteInvitationFailureReason];

/** Where a peer stands. */
export const PeerOnlineState = {
  ONLINE: 'ONLINE',
  UNREACHABLE: 'UNREACHABLE',
  OFFLINE: 'OFFLINE',
} as const;
export type PeerOnlineState = (typeof PeerOnlineState)[keyof typeof PeerOnlineState];

/** What of a peer can be subscribed to. */
export const PeerSubscriptionOption = { ONLINE_STATUS: 'ONLINE_STATUS' } as const;
export type PeerSubscriptionOption =
  (typeof PeerSubscriptionOption)[keyof typeof PeerSubscriptionOption];

/** What a message carries. */
export const MessageType = { TEXT: 'TEXT', RAW: 'RAW' } as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];
