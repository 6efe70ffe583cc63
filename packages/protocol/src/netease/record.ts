import type { UserId } from '../ids.ts';
import type { Media } from '../messages/calls.ts';
import type { RecordStatus } from '../messages/record.ts';

/** How long one member took part. */
export interface ParsedDuration {
  readonly user: UserId;
  /** Whole seconds, rounded down as in our own records; null where the producer gave none. */
  readonly seconds: number | null;
  /** Only the server's records say it. */
  readonly isCaller?: true;
}

/** The message that carried a record; null for what the form at hand does not tell. */
export interface RecordMessage {
  /** The caller, whoever produced the record. */
  readonly from: UserId | null;
  readonly to: UserId | null;
  /** Epoch milliseconds. */
  readonly at: number | null;
  readonly serverId: string | null;
  readonly clientId: string | null;
}

/** A call record in NetEase's meaning, in our words, whichever SDK or server wrote it. */
export interface ParsedCallRecord {
  readonly type: Media;
  readonly status: RecordStatus;
  /** The digits of `channelId` as they stood, or the 32 hex digits of a signalling channel; null where there was none. */
  readonly roomId: string | null;
  readonly durations: readonly ParsedDuration[];
  /** Null when only the record itself was given, and not the message around it. */
  readonly message: RecordMessage | null;
}
