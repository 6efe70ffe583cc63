/** For the backend of an application that uses Ringline: what the server tells it is verified, and tokens are made. */
export { EVENT_TYPES, RECORD_STATUS } from '@ringline/protocol';
export type {
  AlteredInvitation,
  CallRecord,
  EventData,
  EventType,
  PreCallAnswer,
  PreCallData,
  PreCallRequest,
  WebhookEvent,
} from '@ringline/protocol';
export {
  CallRecordError,
  clockOf,
  directionOf,
  mergeRecords,
  parseCallRecord,
  secondsOf,
  wordsOf,
} from '@ringline/protocol/netease';
export type {
  CopiedDuration,
  CopiedMessage,
  CopiedRoom,
  ParsedCallRecord,
} from '@ringline/protocol/netease';
export * from './copy-out.ts';
export * from './errors.ts';
export * from './limits.ts';
export { allow, deny, readPreCall } from './pre-call.ts';
export type { ReceivedPreCall } from './pre-call.ts';
export type { RequestHeaders } from './request.ts';
export type { SigningKey } from './signer.ts';
export type { SignedRequest } from './standard-webhooks.ts';
export { mintToken } from './token.ts';
export type { TokenClaims, TokenOptions } from './token.ts';
export { verifyWebhook } from './webhook.ts';
export type { ReceivedEvent } from './webhook.ts';
