import type { UserId } from '@ringline/client';
import type {
  ConnectionChangeReason,
  ConnectionState,
  LocalInvitationFailureReason,
  RemoteInvitationFailureReason,
} from './status-codes.ts';
import type { RemoteInvitation } from './remote-invitation.ts';
import type {
  ChannelAttributes,
  PeersOnlineStatusMap,
  ReceivedMessageProperties,
  RtmMessage,
} from './types.ts';

/** What a client of ar-rtm-sdk tells. */
export interface RtmClientEvents {
  ConnectionStateChanged(newState: ConnectionState, reason: ConnectionChangeReason): void;
  MessageFromPeer(
    message: RtmMessage,
    peerId: UserId,
    messageProps: ReceivedMessageProperties,
  ): void;
  RemoteInvitationReceived(remoteInvitation: RemoteInvitation): void;
  /** The token runs out in 30 s. */
  TokenWillExpired(): void;
  /** The token ran out: `renewToken()`. */
  TokenDidExpired(): void;
  PeersOnlineStatusChanged(status: PeersOnlineStatusMap): void;
}

/** What a channel tells. */
export interface RtmChannelEvents {
  ChannelMessage(
    message: RtmMessage,
    memberId: UserId,
    messageProps: ReceivedMessageProperties,
  ): void;
  MemberJoined(memberId: UserId): void;
  MemberLeft(memberId: UserId): void;
  MemberCountUpdated(memberCount: number): void;
  AttributesUpdated(attributes: ChannelAttributes): void;
}

/** What the caller's side of an invitation tells. */
export interface LocalInvitationEvents {
  LocalInvitationReceivedByPeer(): void;
  LocalInvitationAccepted(response: string): void;
  LocalInvitationRefused(response: string): void;
  LocalInvitationCanceled(): void;
  LocalInvitationFailure(reason: LocalInvitationFailureReason): void;
}

/** What the callee's side of an invitation tells. */
export interface RemoteInvitationEvents {
  RemoteInvitationCanceled(content: string): void;
  RemoteInvitationAccepted(): void;
  RemoteInvitationRefused(): void;
  RemoteInvitationFailure(reason: RemoteInvitationFailureReason): void;
}
