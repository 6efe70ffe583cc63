/** Error numbers of RTM 1.x that both vendors have. Agora names those of channels and leaves their numbers out: they are anyRTC's. */

export const BasicErrorCode = { INVALID_OPERATION: 1 } as const;
export type BasicErrorCode = (typeof BasicErrorCode)[keyof typeof BasicErrorCode];

export const AttributeOperationError = {
  ATTRIBUTE_OPERATION_ERR_FAILURE: 2,
  ATTRIBUTE_OPERATION_ERR_INVALID_ARGUMENT: 3,
  ATTRIBUTE_OPERATION_ERR_SIZE_OVERFLOW: 4,
  ATTRIBUTE_OPERATION_ERR_TOO_OFTEN: 5,
  ATTRIBUTE_OPERATION_ERR_USER_NOT_FOUND: 6,
  ATTRIBUTE_OPERATION_ERR_TIMEOUT: 7,
  ATTRIBUTE_OPERATION_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type AttributeOperationError =
  (typeof AttributeOperationError)[keyof typeof AttributeOperationError];

export const ChannelMessageError = {
  CHANNEL_MESSAGE_ERR_FAILURE: 1,
  CHANNEL_MESSAGE_ERR_TIMEOUT: 2,
  CHANNEL_MESSAGE_ERR_TOO_OFTEN: 3,
  CHANNEL_MESSAGE_ERR_INVALID_MESSAGE: 4,
  CHANNEL_MESSAGE_ERR_NOT_IN_CHANNEL: 5,
  CHANNEL_MESSAGE_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type ChannelMessageError = (typeof ChannelMessageError)[keyof typeof ChannelMessageError];

export const CreateChannelError = { CREATE_CHANNEL_ERR_INVALID_ARGUMENT: 1 } as const;
export type CreateChannelError = (typeof CreateChannelError)[keyof typeof CreateChannelError];

export const CreateInstanceError = { CREATE_INSTANCE_ERR_INVALID_ARGUMENT: 1 } as const;
export type CreateInstanceError = (typeof CreateInstanceError)[keyof typeof CreateInstanceError];

export const GetChannelMemberCountErrCode = {
  GET_CHANNEL_MEMBER_COUNT_ERR_FAILURE: 1,
  GET_CHANNEL_MEMBER_COUNT_ERR_INVALID_ARGUMENT: 2,
  GET_CHANNEL_MEMBER_COUNT_ERR_TOO_OFTEN: 3,
  GET_CHANNEL_MEMBER_COUNT_ERR_TIMEOUT: 4,
  GET_CHANNEL_MEMBER_COUNT_ERR_EXCEED_LIMIT: 5,
  GET_CHANNEL_MEMBER_COUNT_ERR_NOT_INITIALIZED: 101,
  GET_CHANNEL_MEMBER_COUNT_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type GetChannelMemberCountErrCode =
  (typeof GetChannelMemberCountErrCode)[keyof typeof GetChannelMemberCountErrCode];

export const GetMembersError = {
  GET_MEMBERS_ERR_FAILURE: 1,
  GET_MEMBERS_ERR_REJECTED: 2,
  GET_MEMBERS_ERR_TIMEOUT: 3,
  GET_MEMBERS_ERR_TOO_OFTEN: 4,
  GET_MEMBERS_ERR_NOT_IN_CHANNEL: 5,
  GET_MEMBERS_ERR_USER_NOT_LOGGED_IN: 6,
} as const;
export type GetMembersError = (typeof GetMembersError)[keyof typeof GetMembersError];

export const InvitationApiCallError = {
  INVITATION_API_CALL_ERR_INVALID_ARGUMENT: 1,
  INVITATION_API_CALL_ERR_NOT_STARTED: 2,
  INVITATION_API_CALL_ERR_ALREADY_END: 3,
  INVITATION_API_CALL_ERR_ALREADY_ACCEPT: 4,
  INVITATION_API_CALL_ERR_ALREADY_SENT: 5,
} as const;
export type InvitationApiCallError =
  (typeof InvitationApiCallError)[keyof typeof InvitationApiCallError];

export const JoinChannelError = {
  JOIN_CHANNEL_ERR_FAILURE: 1,
  JOIN_CHANNEL_ERR_REJECTED: 2,
  JOIN_CHANNEL_ERR_INVALID_ARGUMENT: 3,
  JOIN_CHANNEL_TIMEOUT: 4,
  JOIN_CHANNEL_ERR_EXCEED_LIMIT: 5,
  JOIN_CHANNEL_ERR_ALREADY_JOINED: 6,
  JOIN_CHANNEL_ERR_TOO_OFTEN: 7,
  JOIN_CHANNEL_ERR_JOIN_SAME_CHANNEL_TOO_OFTEN: 8,
  JOIN_CHANNEL_ERR_USER_NOT_LOGGED_IN: 102,
  JOIN_CHANNEL_ERR_ABORTED_BY_LEAVE: 210,
  JOIN_CHANNEL_ERR_ALREADY_JOINED_CHANNEL_OF_SAME_ID: 211,
} as const;
export type JoinChannelError = (typeof JoinChannelError)[keyof typeof JoinChannelError];

export const LeaveChannelError = {
  LEAVE_CHANNEL_ERR_FAILURE: 1,
  LEAVE_CHANNEL_ERR_REJECTED: 2,
  LEAVE_CHANNEL_ERR_NOT_IN_CHANNEL: 3,
  LEAVE_CHANNEL_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type LeaveChannelError = (typeof LeaveChannelError)[keyof typeof LeaveChannelError];

export const LogoutError = { LOGOUT_ERR_USER_NOT_LOGGED_IN: 102 } as const;
export type LogoutError = (typeof LogoutError)[keyof typeof LogoutError];

export const PeerSubscriptionStatusError = {
  PEER_SUBSCRIPTION_STATUS_ERR_FAILURE: 1,
  PEER_SUBSCRIPTION_STATUS_ERR_INVALID_ARGUMENT: 2,
  PEER_SUBSCRIPTION_STATUS_ERR_REJECTED: 3,
  PEER_SUBSCRIPTION_STATUS_ERR_TIMEOUT: 4,
  PEER_SUBSCRIPTION_STATUS_ERR_TOO_OFTEN: 5,
  PEER_SUBSCRIPTION_STATUS_ERR_OVERFLOW: 6,
  PEER_SUBSCRIPTION_STATUS_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type PeerSubscriptionStatusError =
  (typeof PeerSubscriptionStatusError)[keyof typeof PeerSubscriptionStatusError];

export const QueryPeersBySubscriptionOptionError = {
  QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_FAILURE: 1,
  QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_TIMEOUT: 2,
  QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_TOO_OFTEN: 3,
  QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type QueryPeersBySubscriptionOptionError =
  (typeof QueryPeersBySubscriptionOptionError)[keyof typeof QueryPeersBySubscriptionOptionError];
