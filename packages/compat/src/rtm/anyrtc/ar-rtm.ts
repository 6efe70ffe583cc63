import { RtmError } from '../core/rtm-error.ts';
import { setServer } from '../core/server-address.ts';
import { RtmClient } from './client.ts';
import { ANYRTC } from './dialect.ts';
import * as RtmErrorCode from './error-codes.ts';
import * as RtmStatusCode from './status-codes.ts';
import type { RtmParameters } from './types.ts';
import { LogLevel } from './types.ts';

const APP_ID = /^[A-Za-z0-9]{32}$/;

/** A client of RTM; throws CREATE_INSTANCE_ERR_INVALID_ARGUMENT unless the app id is one of the vendor's, which means nothing here. */
function createInstance(appId: string, params: RtmParameters = {}): RtmClient {
  if (typeof appId === 'string' && APP_ID.test(appId)) return new RtmClient(params);
  const words = 'Give an app id of 32 letters and digits.';
  throw new RtmError(ANYRTC.codes, 'CREATE_INSTANCE_ERR_INVALID_ARGUMENT', words);
}

const {
  ConnectionChangeReason,
  ConnectionState,
  LocalInvitationFailureReason,
  LocalInvitationState,
  MessageType,
  PeerOnlineState,
  PeerSubscriptionOption,
  RemoteInvitationFailureReason,
  RemoteInvitationState,
} = RtmStatusCode;

/** What `import ArRTM from 'ar-rtm-sdk'` gives, with the enumerations that its page promises, and `setServer(url)`. */
export const ArRTM = {
  LOG_FILTER_OFF: LogLevel.NONE,
  LOG_FILTER_ERROR: LogLevel.ERROR,
  LOG_FILTER_WARNING: LogLevel.WARNING,
  LOG_FILTER_INFO: LogLevel.INFO,
  VERSION: '1.0.15',
  BUILD: '',
  END_CALL_PREFIX: '',
  ConnectionChangeReason,
  ConnectionState,
  LocalInvitationFailureReason,
  LocalInvitationState,
  MessageType,
  PeerOnlineState,
  PeerSubscriptionOption,
  RemoteInvitationFailureReason,
  RemoteInvitationState,
  RtmErrorCode,
  RtmStatusCode,
  createInstance,
  setServer,
};
