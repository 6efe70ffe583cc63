/**
 * What agora-rtm-sdk 1.5.1 declares, in our own words: its package is under no licence that lets it stand
 * here. Apps beside this file are written against it, and compiled against our door.
 */
type Listener = (...args: never[]) => unknown;

declare abstract class EventEmitter<Events> {
  static defaultMaxListeners: number;
  on<Name extends keyof Events>(eventName: Name, listener: Events[Name]): this;
  once<Name extends keyof Events>(eventName: Name, listener: Events[Name]): this;
  off<Name extends keyof Events>(eventName: Name, listener: Events[Name]): this;
  removeAllListeners<Name extends keyof Events>(eventName?: Name): this;
  listeners<Name extends keyof Events>(eventName: Name): Listener[];
  rawListeners<Name extends keyof Events>(eventName: Name): Listener[];
  listenerCount<Name extends keyof Events>(eventName: Name): number;
}

export declare namespace RtmStatusCode {
  enum ConnectionChangeReason {
    LOGIN = 'LOGIN',
    LOGIN_SUCCESS = 'LOGIN_SUCCESS',
    LOGIN_FAILURE = 'LOGIN_FAILURE',
    LOGIN_TIMEOUT = 'LOGIN_TIMEOUT',
    INTERRUPTED = 'INTERRUPTED',
    LOGOUT = 'LOGOUT',
    BANNED_BY_SERVER = 'BANNED_BY_SERVER',
    REMOTE_LOGIN = 'REMOTE_LOGIN',
    TOKEN_EXPIRED = 'TOKEN_EXPIRED',
  }
  enum ConnectionState {
    DISCONNECTED = 'DISCONNECTED',
    CONNECTING = 'CONNECTING',
    CONNECTED = 'CONNECTED',
    RECONNECTING = 'RECONNECTING',
    ABORTED = 'ABORTED',
  }
  enum LocalInvitationState {
    IDLE = 'IDLE',
    SENT_TO_REMOTE = 'SENT_TO_REMOTE',
    RECEIVED_BY_REMOTE = 'RECEIVED_BY_REMOTE',
    ACCEPTED_BY_REMOTE = 'ACCEPTED_BY_REMOTE',
    REFUSED_BY_REMOTE = 'REFUSED_BY_REMOTE',
    CANCELED = 'CANCELED',
    FAILURE = 'FAILURE',
  }
  enum RemoteInvitationState {
    INVITATION_RECEIVED = 'INVITATION_RECEIVED',
    ACCEPT_SENT_TO_LOCAL = 'ACCEPT_SENT_TO_LOCAL',
    REFUSED = 'REFUSED',
    ACCEPTED = 'ACCEPTED',
    CANCELED = 'CANCELED',
    FAILURE = 'FAILURE',
  }
  enum LocalInvitationFailureReason {
    UNKNOWN = 'UNKNOWN',
    PEER_NO_RESPONSE = 'PEER_NO_RESPONSE',
    INVITATION_EXPIRE = 'INVITATION_EXPIRE',
    PEER_OFFLINE = 'PEER_OFFLINE',
    NOT_LOGGEDIN = 'NOT_LOGGEDIN',
  }
  enum RemoteInvitationFailureReason {
    UNKNOWN = 'UNKNOWN',
    PEER_OFFLINE = 'PEER_OFFLINE',
    ACCEPT_FAILURE = 'ACCEPT_FAILURE',
    INVITATION_EXPIRE = 'INVITATION_EXPIRE',
  }
  enum PeerOnlineState {
    ONLINE = 'ONLINE',
    UNREACHABLE = 'UNREACHABLE',
    OFFLINE = 'OFFLINE',
  }
  enum PeerSubscriptionOption {
    ONLINE_STATUS = 'ONLINE_STATUS',
  }
  enum MessageType {
    TEXT = 'TEXT',
    RAW = 'RAW',
  }
}

export interface RtmTextMessage {
  text: string;
  messageType?: 'TEXT';
}
export interface RtmRawMessage {
  rawMessage: Uint8Array;
  description?: string;
  messageType?: 'RAW';
}
export type RtmMessage = RtmTextMessage | RtmRawMessage;

interface ReceivedMessageProperties {
  serverReceivedTs: number;
}
interface ChannelAttributeProperties {
  value: string;
  lastUpdateUserId: string;
  lastUpdateTs: number;
}
type ChannelAttributes = Record<string, ChannelAttributeProperties>;
interface ChannelAttributeOptions {
  enableNotificationToChannelMembers?: boolean;
}

export declare namespace RtmEvents {
  interface RtmClientEvents {
    ConnectionStateChanged(
      newState: RtmStatusCode.ConnectionState,
      reason: RtmStatusCode.ConnectionChangeReason,
    ): void;
    MessageFromPeer(
      message: RtmMessage,
      peerId: string,
      messageProps: ReceivedMessageProperties,
    ): void;
    RemoteInvitationReceived(remoteInvitation: RemoteInvitation): void;
    TokenExpired(): void;
    TokenPrivilegeWillExpire(): void;
    PeersOnlineStatusChanged(status: Record<string, RtmStatusCode.PeerOnlineState>): void;
    FallbackProxyConnected(): void;
  }
  interface RtmChannelEvents {
    ChannelMessage(
      message: RtmMessage,
      memberId: string,
      messageProps: ReceivedMessageProperties,
    ): void;
    MemberJoined(memberId: string): void;
    MemberLeft(memberId: string): void;
    MemberCountUpdated(memberCount: number): void;
    AttributesUpdated(attributes: ChannelAttributes): void;
  }
  interface LocalInvitationEvents {
    LocalInvitationReceivedByPeer(): void;
    LocalInvitationAccepted(response: string): void;
    LocalInvitationRefused(response: string): void;
    LocalInvitationCanceled(): void;
    LocalInvitationFailure(reason: RtmStatusCode.LocalInvitationFailureReason): void;
  }
  interface RemoteInvitationEvents {
    RemoteInvitationCanceled(content: string): void;
    RemoteInvitationAccepted(): void;
    RemoteInvitationRefused(): void;
    RemoteInvitationFailure(reason: RtmStatusCode.RemoteInvitationFailureReason): void;
  }
}

export declare class LocalInvitation extends EventEmitter<RtmEvents.LocalInvitationEvents> {
  readonly calleeId: string;
  content: string;
  channelId: string;
  readonly response: string;
  readonly state: RtmStatusCode.LocalInvitationState;
  send(): void;
  cancel(): void;
}

export declare class RemoteInvitation extends EventEmitter<RtmEvents.RemoteInvitationEvents> {
  readonly callerId: string;
  readonly content: string;
  readonly channelId: string;
  readonly state: RtmStatusCode.RemoteInvitationState;
  response: string;
  accept(): void;
  refuse(): void;
}

export declare class RtmChannel extends EventEmitter<RtmEvents.RtmChannelEvents> {
  readonly channelId: string;
  join(): Promise<void>;
  leave(): Promise<void>;
  getMembers(): Promise<string[]>;
  sendMessage(message: RtmMessage): Promise<void>;
}

interface RtmConfig {
  enableLogUpload?: boolean;
  logFilter?: LogFilterType;
  enableCloudProxy?: boolean;
}
interface LogFilterType {
  error: boolean;
  warn: boolean;
  info: boolean;
  track: boolean;
  debug: boolean;
}
type AttributesMap = Record<string, string>;

export declare class RtmClient extends EventEmitter<RtmEvents.RtmClientEvents> {
  login(options: { uid: string; token?: string }): Promise<void>;
  logout(): Promise<void>;
  renewToken(token: string): Promise<void>;
  createLocalInvitation(calleeId: string): LocalInvitation;
  sendMessageToPeer(message: RtmMessage, peerId: string): Promise<{ hasPeerReceived: boolean }>;
  createMessage<T extends RtmMessage>(message: Partial<T>): T;
  createChannel(channelId: string): RtmChannel;
  setLocalUserAttributes(attributes: AttributesMap): Promise<void>;
  addOrUpdateLocalUserAttributes(attributes: AttributesMap): Promise<void>;
  deleteLocalUserAttributesByKeys(attributeKeys: string[]): Promise<void>;
  clearLocalUserAttributes(): Promise<void>;
  getUserAttributes(userId: string): Promise<AttributesMap>;
  getUserAttributesByKeys(userId: string, attributeKeys: string[]): Promise<AttributesMap>;
  queryPeersOnlineStatus(peerIds: string[]): Promise<Record<string, boolean>>;
  subscribePeersOnlineStatus(peerIds: string[]): Promise<void>;
  unsubscribePeersOnlineStatus(peerIds: string[]): Promise<void>;
  queryPeersBySubscriptionOption(
    option: RtmStatusCode.PeerSubscriptionOption | 'ONLINE_STATUS',
  ): Promise<string[]>;
  setChannelAttributes(
    channelId: string,
    attributes: AttributesMap,
    options?: ChannelAttributeOptions,
  ): Promise<void>;
  addOrUpdateChannelAttributes(
    channelId: string,
    attributes: AttributesMap,
    options?: ChannelAttributeOptions,
  ): Promise<void>;
  deleteChannelAttributesByKeys(
    channelId: string,
    attributeKeys: string[],
    options?: ChannelAttributeOptions,
  ): Promise<void>;
  clearChannelAttributes(channelId: string, options?: ChannelAttributeOptions): Promise<void>;
  getChannelAttributes(channelId: string): Promise<ChannelAttributes>;
  getChannelAttributesByKeys(channelId: string, keys: string[]): Promise<ChannelAttributes>;
  getChannelMemberCount(channelIds: string[]): Promise<Record<string, number>>;
  updateConfig(config: RtmConfig): void;
  setParameters(config: RtmConfig): void;
}

declare enum AreaCode {
  GLOBAL = 'GLOBAL',
  CHINA = 'CHINA',
}

declare namespace AgoraRTM {
  const LOG_FILTER_OFF: LogFilterType;
  const LOG_FILTER_ERROR: LogFilterType;
  const LOG_FILTER_WARNING: LogFilterType;
  const LOG_FILTER_INFO: LogFilterType;
  const VERSION: string;
  const BUILD: string;
  const END_CALL_PREFIX: string;
  const ConnectionChangeReason: typeof RtmStatusCode.ConnectionChangeReason;
  const ConnectionState: typeof RtmStatusCode.ConnectionState;
  const LocalInvitationFailureReason: typeof RtmStatusCode.LocalInvitationFailureReason;
  const LocalInvitationState: typeof RtmStatusCode.LocalInvitationState;
  const RemoteInvitationState: typeof RtmStatusCode.RemoteInvitationState;
  const RemoteInvitationFailureReason: typeof RtmStatusCode.RemoteInvitationFailureReason;
  const MessageType: typeof RtmStatusCode.MessageType;
  const PeerOnlineState: typeof RtmStatusCode.PeerOnlineState;
  const PeerSubscriptionOption: typeof RtmStatusCode.PeerSubscriptionOption;
  function createInstance(appId: string, config?: RtmConfig, areaCodes?: AreaCode[]): RtmClient;
  function setArea(area: { areaCodes: AreaCode[]; excludedArea?: AreaCode }): void;
}

export default AgoraRTM;
