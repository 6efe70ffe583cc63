/** The enumerations of ar-rtm-sdk: `RtmStatusCode`. It has fewer words than Agora's. */
import * as words from '../core/words.ts';

export {
  ConnectionState,
  LocalInvitationState,
  PeerOnlineState,
  PeerSubscriptionOption,
  RemoteInvitationState,
} from '../core/words.ts';

const { TOKEN_EXPIRED: _expired, ...reasons } = words.ConnectionChangeReason;
export const ConnectionChangeReason = reasons;
export type ConnectionChangeReason = Exclude<words.ConnectionChangeReason, 'TOKEN_EXPIRED'>;

const { UNKNOWN: _local, ...localReasons } = words.LocalInvitationFailureReason;
export const LocalInvitationFailureReason = localReasons;
export type LocalInvitationFailureReason = Exclude<words.LocalInvitationFailureReason, 'UNKNOWN'>;

const { UNKNOWN: _remote, ...remoteReasons } = words.RemoteInvitationFailureReason;
export const RemoteInvitationFailureReason = remoteReasons;
export type RemoteInvitationFailureReason = Exclude<words.RemoteInvitationFailureReason, 'UNKNOWN'>;

export const MessageType = { TEXT: 'TEXT' } as const;
export type MessageType = 'TEXT';
