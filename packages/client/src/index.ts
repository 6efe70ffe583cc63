/** The Ringline SDK for browsers and Node. */
export { defaultMedia } from './browser/media.ts';
export { defaultPorts, openWebSocket } from './browser/ports.ts';
export type { WebSocketLike } from './browser/ports.ts';
export { tabDeviceId } from './browser/tab-device-id.ts';
export type * from './call.ts';
export type { CallOptions } from './calls/place.ts';
export type { Notes } from './calls/traces.ts';
export type { Listenable } from './emitter.ts';
export { CLIENT_ERRORS, RinglineError } from './errors.ts';
export type { ClientErrorCode, ErrorCode } from './errors.ts';
export type * from './media/media.ts';
export type { DeviceKind, DeviceName, MediaDevice } from './media/device-list.ts';
export type { Access, Choice, Chosen, DeviceChoice, DeviceReplaced } from './media/devices.ts';
export type { Attached, Elements, Fit } from './media/elements.ts';
export type * from './messages/message.ts';
export type { ClientOptions } from './options.ts';
export type * from './ports.ts';
export type { Presence, Presences } from './presence/presence-watch.ts';
export type { Quality } from './quality/call-quality.ts';
export type { QualityLevel } from './quality/level.ts';
export type { VideoLimit } from './quality/video-limit.ts';
export type * from './rest/lists.ts';
export { RinglineClient } from './ringline-client.ts';
export type { ClientEvents } from './client-events.ts';
export type { ConnectionChange, ConnectionState } from './signalling/signalling.ts';
export type { TokenProvider } from './signalling/tokens.ts';
export {
  END_REASONS,
  LEG_END_REASONS,
  MAX_ID_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NAME_BYTES,
  MAX_UNREAD,
  RECORD_STATUS,
  flawOfId,
  utf8Length,
} from '@ringline/protocol';
export type {
  CallId,
  CallRecord,
  Conversation,
  DeviceId,
  EndReason,
  LegEndReason,
  LegState,
  LegView,
  Media,
  MemberQuality,
  Outcome,
  Peer,
  Preconnect,
  Receipt,
  Silence,
  UserId,
  VideoEnd,
  VideoEndView,
  Who,
} from '@ringline/protocol';
