import type { PeerOnlineState } from './words.ts';

/** Attributes by key. */
export interface AttributesMap {
  [key: string]: string;
}

/** An attribute of a channel: who changed it last, and when, in epoch milliseconds. */
export interface ChannelAttributeProperties {
  value: string;
  lastUpdateUserId: string;
  lastUpdateTs: number;
}

/** Attributes of a channel by key. */
export interface ChannelAttributes {
  [key: string]: ChannelAttributeProperties;
}

export interface ChannelAttributeOptions {
  /** True: the members hear `AttributesUpdated`. */
  enableNotificationToChannelMembers?: boolean | undefined;
}

/** How many members channels have, by id. */
export interface ChannelMemberCountResult {
  [channelId: string]: number;
}

/** Whether peers are there, by id. */
export interface PeersOnlineStatusResult {
  [peerId: string]: boolean;
}

/** Where peers stand, by id. */
export interface PeersOnlineStatusMap {
  [peerId: string]: PeerOnlineState;
}

export interface PeerMessageSendResult {
  /** Whether a page of the peer has the message. */
  hasPeerReceived: boolean;
}

/** A text of at most 32 KB. */
export interface RtmTextMessage {
  text: string;
  messageType?: 'TEXT' | undefined;
}

/** Bytes with a description, at most 32 KB together. */
export interface RtmRawMessage {
  rawMessage: Uint8Array;
  description?: string | undefined;
  messageType?: 'RAW' | undefined;
}

/** What a door passes on, in either dialect. */
export type AnyMessage = RtmTextMessage | RtmRawMessage;

/** What a received message is told with. */
export interface MessageProperties {
  /** When the server had it, in epoch milliseconds. */
  serverReceivedTs: number;
  /** Never here, and only in a dialect that has it: a message is not kept. */
  isOfflineMessage?: false;
}

/** Of a user that logs in. */
export interface LoginOptions {
  uid: string;
  token?: string | undefined;
}
