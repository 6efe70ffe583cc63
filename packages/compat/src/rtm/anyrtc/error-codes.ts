/** Error numbers of ar-rtm-sdk: `RtmErrorCode`. */
export * from '../core/error-codes.ts';

export const LoginError = {
  LOGIN_ERR_UNKNOWN: 1,
  LOGIN_ERR_INVALID_ARGUMENT: 2,
  LOGIN_ERR_INVALID_APP_ID: 3,
  LOGIN_ERR_INVALID_TOKEN: 4,
  LOGIN_ERR_TOKEN_EXPIRED: 5,
  LOGIN_ERR_NOT_AUTHORIZED: 6,
  LOGIN_ERR_ALREADY_LOGIN: 7,
  LOGIN_ERR_TIMEOUT: 8,
  LOGIN_ERR_TOO_OFTEN: 9,
  LOGIN_ERR_ABORTED_BY_LOGOUT: 10,
  LOGIN_ERR_GATEWAY_CONNECT_FAILED: 11,
} as const;
export type LoginError = (typeof LoginError)[keyof typeof LoginError];

export const PeerMessageError = {
  PEER_MESSAGE_ERR_FAILURE: 1,
  PEER_MESSAGE_ERR_TIMEOUT: 2,
  PEER_MESSAGE_ERR_TOO_OFTEN: 5,
  PEER_MESSAGE_ERR_INVALID_USERID: 6,
  PEER_MESSAGE_ERR_INVALID_MESSAGE: 7,
  PEER_MESSAGE_ERR_USER_NOT_LOGGED_IN: 102,
} as const;
export type PeerMessageError = (typeof PeerMessageError)[keyof typeof PeerMessageError];

export const QueryPeersOnlineStatusError = {
  QUERY_PEERS_ONLINE_STATUS_ERR_INVALID_ARGUMENT: 0,
  QUERY_PEERS_ONLINE_STATUS_ERR_REJECTED: 1,
  QUERY_PEERS_ONLINE_STATUS_ERR_TIMEOUT: 2,
  QUERY_PEERS_ONLINE_STATUS_ERR_TOO_OFTEN: 3,
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
  RENEW_TOKEN_ERR_ABORTED_BY_LOGOUT: 201,
} as const;
export type RenewTokenError = (typeof RenewTokenError)[keyof typeof RenewTokenError];
