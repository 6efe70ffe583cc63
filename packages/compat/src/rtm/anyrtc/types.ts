import type { RinglineOptions } from '../core/door.ts';
import type { PrivateCloud } from '../core/server-address.ts';

export type {
  AttributesMap,
  ChannelAttributeOptions,
  ChannelAttributeProperties,
  ChannelAttributes,
  ChannelMemberCountResult,
  PeerMessageSendResult,
  PeersOnlineStatusMap,
  PeersOnlineStatusResult,
} from '../core/types.ts';

/** A text of at most 32 KB. */
export interface RtmTextMessage {
  text: string;
  messageType?: 'TEXT' | undefined;
  description?: undefined;
}

/** A text; there are no others. */
export type RtmMessage = RtmTextMessage;

/** What is logged: of no consequence here. */
export const LogLevel = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3, NONE: 4 } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** The vendor's configuration, of which the address of a private cloud is that of Ringline's server, and Ringline's. */
export interface RtmParameters {
  logFilter?: LogLevel;
  confPriCloudAddr?: PrivateCloud;
  ConfPriCloudAddr?: PrivateCloud;
  /** Where the server is, and what else Ringline needs. */
  ringline?: RinglineOptions;
}

/** Without effect here: a message reaches who is there. */
export interface SendMessageOptions {
  enableHistoricalMessaging?: boolean | undefined;
  enableOfflineMessaging?: boolean | undefined;
}

/** What a received message is told with. */
export interface ReceivedMessageProperties {
  /** Never here: a message is not kept. */
  isOfflineMessage: boolean;
  /** When the server had it, in epoch milliseconds. */
  serverReceivedTs: number;
}
