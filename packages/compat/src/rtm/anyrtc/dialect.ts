import type { Dialect } from '../core/dialect.ts';
import { ANYRTC_LOGIN_TIMEOUT_MS } from '../core/timing.ts';
import * as codes from './error-codes.ts';

/** What ar-rtm-sdk does in its own way. */
export const ANYRTC: Dialect = {
  codes: Object.assign({}, ...Object.values(codes)) as Dialect['codes'],
  loginTimeoutMs: ANYRTC_LOGIN_TIMEOUT_MS,
  replacedState: 'DISCONNECTED',
  expiredReason: 'INTERRUPTED',
  tellsExpiryAtOnce: true,
  hasRawMessages: false,
  marksOffline: true,
  hangsUp: true,
  isStrict: false,
  otherLocalFailure: 'PEER_NO_RESPONSE',
  otherRemoteFailure: 'INVITATION_EXPIRE',
};
