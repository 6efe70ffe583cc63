import type { Dialect } from '../core/dialect.ts';
import { AGORA_LOGIN_TIMEOUT_MS } from '../core/timing.ts';
import * as codes from './error-codes.ts';

/** What agora-rtm-sdk 1.x does in its own way. */
export const AGORA: Dialect = {
  codes: Object.assign({}, ...Object.values(codes)) as Dialect['codes'],
  loginTimeoutMs: AGORA_LOGIN_TIMEOUT_MS,
  replacedState: 'ABORTED',
  expiredReason: 'TOKEN_EXPIRED',
  tellsExpiryAtOnce: false,
  hasRawMessages: true,
  marksOffline: false,
  hangsUp: false,
  isStrict: true,
  otherLocalFailure: 'UNKNOWN',
  otherRemoteFailure: 'UNKNOWN',
};
