/** Error numbers of agora-rtm-sdk 1.x: `RtmErrorCode`. */
export * from '../core/error-codes.ts';

export const LoginError = {
  LOGIN_ERR_UNKNOWN: 1,
  LOGIN_ERR_REJECTED: 2,
  LOGIN_ERR_INVALID_ARGUMENT: 3,
  LOGIN_ERR_INVALID_APP_ID: 4,
  LOGIN_ERR_INVALID_TOKEN: 5,
  LOGIN_ERR_TOKEN_EXPIRED: 6,
  LOGIN_ERR_NOT_AUTHORIZED: 7,
  LOGIN_ERR_ALREADY_LOGIN: 8,
  LOGIN_ERR_TIMEOUT: 9,
  LOGIN_ERR_TOO_OFTEN: 10,
} as const;
export type LoginError = (typeof LoginError)[keyof typeof LoginError];

export const PeerMessageError = {
  PEER_MESSAGE_ERR_FAILURE: 1,
  PEER_MESSAGE_ERR_TIMEOUT: 2,
  PEER_MESSAGE_ERR_TOO_OFTEN: 5,
  PEER_MESSAGE_ERR_INVALID_USERID: 6,
  PEER_MESSAGE_ERR_INVALID_MESSAGE: 7,
  PEER_MESSAGE_ERR_INCOMPATIBLE_MESSAGE: 8,
  PEER_MESSAGE_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type PeerMessageError = (typeof PeerMessageError)[keyof typeof PeerMessageError];

export const QueryPeersOnlineStatusError = {
  QUERY_PEERS_ONLINE_STATUS_ERR_INVALID_ARGUMENT: 2,
  QUERY_PEERS_ONLINE_STATUS_ERR_REJECTED: 3,
  QUERY_PEERS_ONLINE_STATUS_ERR_TIMEOUT: 4,
  QUERY_PEERS_ONLINE_STATUS_ERR_TOO_OFTEN: 5,
  QUERY_PEERS_ONLINE_STATUS_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type QueryPeersOnlineStatusError =
  (typeof QueryPeersOnlineStatusError)[keyof typeof QueryPeersOnlineStatusError];

export const RenewTokenError = {
  RENEW_TOKEN_ERR_FAILURE: 1,
  RENEW_TOKEN_ERR_INVALID_ARGUMENT: 2,
  RENEW_TOKEN_ERR_REJECTED: 3,
  RENEW_TOKEN_ERR_TOO_OFTEN: 4,
  RENEW_TOKEN_ERR_TOKEN_EXPIRED: 5,
  RENEW_TOKEN_ERR_INVALID_TOKEN: 6,
  RENEW_TOKEN_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type RenewTokenError = (typeof RenewTokenError)[keyof typeof RenewTokenError];
