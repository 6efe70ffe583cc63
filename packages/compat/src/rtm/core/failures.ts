import type { Failures } from './rtm-error.ts';

/** What each method's errors are called in RTM 1.x. */
export const PEER_MESSAGE: Failures = {
  failure: 'PEER_MESSAGE_ERR_FAILURE',
  notLoggedIn: 'PEER_MESSAGE_ERR_USER_NOT_LOGGED_IN',
  invalid: 'PEER_MESSAGE_ERR_INVALID_MESSAGE',
  timeout: 'PEER_MESSAGE_ERR_TIMEOUT',
  tooOften: 'PEER_MESSAGE_ERR_TOO_OFTEN',
  others: { malformed: 'PEER_MESSAGE_ERR_INVALID_MESSAGE' },
};

export const RENEW_TOKEN: Failures = {
  failure: 'RENEW_TOKEN_ERR_FAILURE',
  notLoggedIn: 'RENEW_TOKEN_ERR_USER_NOT_LOGGED_IN',
  invalid: 'RENEW_TOKEN_ERR_INVALID_ARGUMENT',
  tooOften: 'RENEW_TOKEN_ERR_TOO_OFTEN',
  others: {
    unauthorized: 'RENEW_TOKEN_ERR_INVALID_TOKEN',
    malformed: 'RENEW_TOKEN_ERR_INVALID_TOKEN',
    'not-connected': 'RENEW_TOKEN_ERR_ABORTED_BY_LOGOUT',
  },
};

export const QUERY_PEERS: Failures = {
  failure: 'QUERY_PEERS_ONLINE_STATUS_ERR_REJECTED',
  notLoggedIn: 'QUERY_PEERS_ONLINE_STATUS_ERR_USER_NOT_LOGGED_IN',
  invalid: 'QUERY_PEERS_ONLINE_STATUS_ERR_INVALID_ARGUMENT',
  timeout: 'QUERY_PEERS_ONLINE_STATUS_ERR_TIMEOUT',
  tooOften: 'QUERY_PEERS_ONLINE_STATUS_ERR_TOO_OFTEN',
};

export const SUBSCRIBE_PEERS: Failures = {
  failure: 'PEER_SUBSCRIPTION_STATUS_ERR_FAILURE',
  notLoggedIn: 'PEER_SUBSCRIPTION_STATUS_ERR_USER_NOT_LOGGED_IN',
  invalid: 'PEER_SUBSCRIPTION_STATUS_ERR_INVALID_ARGUMENT',
  timeout: 'PEER_SUBSCRIPTION_STATUS_ERR_TIMEOUT',
  tooOften: 'PEER_SUBSCRIPTION_STATUS_ERR_TOO_OFTEN',
  others: {
    forbidden: 'PEER_SUBSCRIPTION_STATUS_ERR_REJECTED',
    // The server, or the token, lets nobody see who is there.
    'not-permitted': 'PEER_SUBSCRIPTION_STATUS_ERR_REJECTED',
  },
};

export const SUBSCRIBED_PEERS: Failures = {
  failure: 'QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_FAILURE',
  notLoggedIn: 'QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_USER_NOT_LOGGED_IN',
  invalid: 'QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_FAILURE',
};

export const ATTRIBUTES: Failures = {
  failure: 'ATTRIBUTE_OPERATION_ERR_FAILURE',
  notLoggedIn: 'ATTRIBUTE_OPERATION_ERR_USER_NOT_LOGGED_IN',
  invalid: 'ATTRIBUTE_OPERATION_ERR_INVALID_ARGUMENT',
  timeout: 'ATTRIBUTE_OPERATION_ERR_TIMEOUT',
  tooOften: 'ATTRIBUTE_OPERATION_ERR_TOO_OFTEN',
  // What is malformed by itself is found out here: what is left is too much together with what is there.
  others: {
    malformed: 'ATTRIBUTE_OPERATION_ERR_SIZE_OVERFLOW',
    'unknown-user': 'ATTRIBUTE_OPERATION_ERR_USER_NOT_FOUND',
  },
};

export const JOIN: Failures = {
  failure: 'JOIN_CHANNEL_ERR_FAILURE',
  notLoggedIn: 'JOIN_CHANNEL_ERR_USER_NOT_LOGGED_IN',
  invalid: 'JOIN_CHANNEL_ERR_INVALID_ARGUMENT',
  timeout: 'JOIN_CHANNEL_TIMEOUT',
  tooOften: 'JOIN_CHANNEL_ERR_TOO_OFTEN',
  others: {
    forbidden: 'JOIN_CHANNEL_ERR_REJECTED',
    'too-many-channels': 'JOIN_CHANNEL_ERR_EXCEED_LIMIT',
  },
};

export const LEAVE: Failures = {
  failure: 'LEAVE_CHANNEL_ERR_FAILURE',
  notLoggedIn: 'LEAVE_CHANNEL_ERR_USER_NOT_LOGGED_IN',
  invalid: 'LEAVE_CHANNEL_ERR_NOT_IN_CHANNEL',
  others: {
    forbidden: 'LEAVE_CHANNEL_ERR_REJECTED',
    'wrong-state': 'LEAVE_CHANNEL_ERR_NOT_IN_CHANNEL',
  },
};

export const MEMBERS: Failures = {
  failure: 'GET_MEMBERS_ERR_FAILURE',
  notLoggedIn: 'GET_MEMBERS_ERR_USER_NOT_LOGGED_IN',
  invalid: 'GET_MEMBERS_ERR_NOT_IN_CHANNEL',
  timeout: 'GET_MEMBERS_ERR_TIMEOUT',
  tooOften: 'GET_MEMBERS_ERR_TOO_OFTEN',
  others: {
    forbidden: 'GET_MEMBERS_ERR_REJECTED',
    'wrong-state': 'GET_MEMBERS_ERR_NOT_IN_CHANNEL',
  },
};

export const COUNT: Failures = {
  failure: 'GET_CHANNEL_MEMBER_COUNT_ERR_FAILURE',
  notLoggedIn: 'GET_CHANNEL_MEMBER_COUNT_ERR_USER_NOT_LOGGED_IN',
  invalid: 'GET_CHANNEL_MEMBER_COUNT_ERR_INVALID_ARGUMENT',
  timeout: 'GET_CHANNEL_MEMBER_COUNT_ERR_TIMEOUT',
  tooOften: 'GET_CHANNEL_MEMBER_COUNT_ERR_TOO_OFTEN',
};

export const CHANNEL_MESSAGE: Failures = {
  failure: 'CHANNEL_MESSAGE_ERR_FAILURE',
  notLoggedIn: 'CHANNEL_MESSAGE_ERR_USER_NOT_LOGGED_IN',
  invalid: 'CHANNEL_MESSAGE_ERR_INVALID_MESSAGE',
  timeout: 'CHANNEL_MESSAGE_ERR_TIMEOUT',
  tooOften: 'CHANNEL_MESSAGE_ERR_TOO_OFTEN',
  others: {
    malformed: 'CHANNEL_MESSAGE_ERR_INVALID_MESSAGE',
    'wrong-state': 'CHANNEL_MESSAGE_ERR_NOT_IN_CHANNEL',
  },
};
