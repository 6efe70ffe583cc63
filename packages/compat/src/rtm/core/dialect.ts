import type * as AgoraCodes from '../agora/error-codes.ts';
import type * as AnyrtcCodes from '../anyrtc/error-codes.ts';
import type {
  ConnectionChangeReason,
  ConnectionState,
  LocalInvitationFailureReason,
  RemoteInvitationFailureReason,
} from './words.ts';

type KeysOf<Table> = Table extends object ? keyof Table : never;
type NamesIn<Module> = KeysOf<Module[keyof Module]>;

/** The name of an error number. */
export type CodeName = NamesIn<typeof AgoraCodes> | NamesIn<typeof AnyrtcCodes>;

/** Error numbers by their names. */
export type Codes = Readonly<Partial<Record<CodeName, number>>>;

/** In what the two vendors differ. */
export interface Dialect {
  readonly codes: Codes;
  readonly loginTimeoutMs: number;
  /** Where a login stands that another one of the same user has replaced. */
  readonly replacedState: ConnectionState;
  /** Why a login reconnects whose token has run out. */
  readonly expiredReason: ConnectionChangeReason;
  /** The app hears of a token that has run out at once; else when the connection needs another. */
  readonly tellsExpiryAtOnce: boolean;
  readonly hasRawMessages: boolean;
  /** A message is told with `isOfflineMessage`. */
  readonly marksOffline: boolean;
  /** `cancel()` after the acceptance hangs up: it reaches the callee. */
  readonly hangsUp: boolean;
  /** A command on an invitation that has ended throws; else most of them do nothing. */
  readonly isStrict: boolean;
  /** What a failure is called for which the vendor has no word. */
  readonly otherLocalFailure: LocalInvitationFailureReason;
  readonly otherRemoteFailure: RemoteInvitationFailureReason;
}
