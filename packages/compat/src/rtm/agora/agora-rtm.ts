import { RtmError } from '../core/rtm-error.ts';
import { setServer } from '../core/server-address.ts';
import type { RtmChannel as Channel } from './channel.ts';
import type { RtmClient as Client } from './client.ts';
import { RtmClient } from './client.ts';
import { AGORA } from './dialect.ts';
import * as RtmErrorCode from './error-codes.ts';
import type * as Events from './events.ts';
import type { LocalInvitation as Local } from './local-invitation.ts';
import type { RemoteInvitation as Remote } from './remote-invitation.ts';
import * as RtmStatusCode from './status-codes.ts';
import type * as Types from './types.ts';

function filter(...levels: readonly (keyof Types.LogFilterType)[]): Types.LogFilterType {
  const names = ['error', 'warn', 'info', 'track', 'debug'] as const;
  const entries = names.map((name) => [name, levels.includes(name)] as const);
  return Object.fromEntries(entries) as unknown as Types.LogFilterType;
}

/** Areas of the vendor's network: of no consequence here. */
const AreaCode = {
  GLOBAL: 'GLOBAL',
  CHINA: 'CHINA',
  JAPAN: 'JAPAN',
  INDIA: 'INDIA',
  ASIA: 'ASIA',
  EUROPE: 'EUROPE',
  NORTH_AMERICA: 'NORTH_AMERICA',
} as const;
export type AreaCode = (typeof AreaCode)[keyof typeof AreaCode];

/** A client of RTM; throws CREATE_INSTANCE_ERR_INVALID_ARGUMENT without an app id, which means nothing here. */
function createInstance(
  appId: string,
  config: Types.RtmConfig = {},
  _areaCodes?: readonly AreaCode[],
): RtmClient {
  if (typeof appId === 'string' && appId !== '') return new RtmClient(config);
  const words = 'Give an app id: any text that is not empty.';
  throw new RtmError(AGORA.codes, 'CREATE_INSTANCE_ERR_INVALID_ARGUMENT', words);
}

/** Without effect: a server has its address. */
function setArea(_area: { areaCodes: readonly AreaCode[]; excludedArea?: AreaCode }): void {}

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

/** What `import AgoraRTM from 'agora-rtm-sdk'` gives, and `setServer(url)`. */
export const AgoraRTM = {
  LOG_FILTER_OFF: filter(),
  LOG_FILTER_ERROR: filter('error'),
  LOG_FILTER_WARNING: filter('error', 'warn'),
  LOG_FILTER_INFO: filter('error', 'warn', 'info'),
  VERSION: '1.5.1',
  BUILD: 'ringline',
  END_CALL_PREFIX: 'AgoraRTMLegacyEndcallCompatibleMessagePrefix',
  ConnectionChangeReason,
  ConnectionState,
  LocalInvitationFailureReason,
  LocalInvitationState,
  MessageType,
  PeerOnlineState,
  PeerSubscriptionOption,
  RemoteInvitationFailureReason,
  RemoteInvitationState,
  AreaCode,
  RtmErrorCode,
  RtmStatusCode,
  createInstance,
  setArea,
  setServer,
};

/** Its types, as up to 1.3 the vendor declared a namespace: `let client: AgoraRTM.RtmClient`. */
export declare namespace AgoraRTM {
  export type RtmClient = Client;
  export type RtmChannel = Channel;
  export type LocalInvitation = Local;
  export type RemoteInvitation = Remote;
  export type RtmMessage = Types.RtmMessage;
  export type RtmTextMessage = Types.RtmTextMessage;
  export type RtmRawMessage = Types.RtmRawMessage;
  export type RtmConfig = Types.RtmConfig;
  export type RtmParameters = Types.RtmParameters;
  export type LogFilterType = Types.LogFilterType;
  export type SendMessageOptions = Types.SendMessageOptions;
  export type ReceivedMessageProperties = Types.ReceivedMessageProperties;
  export type PeerMessageSendResult = Types.PeerMessageSendResult;
  export type PeersOnlineStatusMap = Types.PeersOnlineStatusMap;
  export type PeersOnlineStatusResult = Types.PeersOnlineStatusResult;
  export type AttributesMap = Types.AttributesMap;
  export type ChannelAttributes = Types.ChannelAttributes;
  export type ChannelAttributeProperties = Types.ChannelAttributeProperties;
  export type ChannelAttributeOptions = Types.ChannelAttributeOptions;
  export type ChannelMemberCountResult = Types.ChannelMemberCountResult;
  export namespace RtmEvents {
    export type RtmClientEvents = Events.RtmClientEvents;
    export type RtmChannelEvents = Events.RtmChannelEvents;
    export type LocalInvitationEvents = Events.LocalInvitationEvents;
    export type RemoteInvitationEvents = Events.RemoteInvitationEvents;
  }
}
