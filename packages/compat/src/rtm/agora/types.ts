import type { RinglineOptions } from '../core/door.ts';
import type { RtmRawMessage, RtmTextMessage } from '../core/types.ts';

export type * from '../core/types.ts';
export type { MessageProperties as ReceivedMessageProperties } from '../core/types.ts';

/** A text, or bytes with a description. */
export type RtmMessage = RtmTextMessage | RtmRawMessage;

/** What is logged: of no consequence here. */
export interface LogFilterType {
  error: boolean;
  warn: boolean;
  info: boolean;
  track: boolean;
  debug: boolean;
}

/** The vendor's configuration, which has no effect, and Ringline's. */
export interface RtmConfig {
  enableLogUpload?: boolean;
  logFilter?: LogFilterType;
  enableCloudProxy?: boolean;
  /** Where the server is, and what else Ringline needs. */
  ringline?: RinglineOptions;
}

/** Its name before 1.4.3. */
export type RtmParameters = RtmConfig;

/** Only up to 1.4.5, and without effect here: a message reaches who is there. */
export interface SendMessageOptions {
  enableOfflineMessaging?: boolean | undefined;
  enableHistoricalMessaging?: boolean | undefined;
}
