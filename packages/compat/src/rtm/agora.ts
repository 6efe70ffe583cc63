/** For applications written for agora-rtm-sdk 1.x: change the import, say where the server is, and they run on Ringline. */
import { AgoraRTM } from './agora/agora-rtm.ts';

export default AgoraRTM;
export { AgoraRTM };
export { RtmChannel } from './agora/channel.ts';
export { RtmClient } from './agora/client.ts';
export * as RtmErrorCode from './agora/error-codes.ts';
export type * as RtmEvents from './agora/events.ts';
export { LocalInvitation } from './agora/local-invitation.ts';
export { RemoteInvitation } from './agora/remote-invitation.ts';
export * as RtmStatusCode from './agora/status-codes.ts';
export type * from './agora/types.ts';
export type { CallEventHandler, RtmCallManager } from './core/call-manager.ts';
export type { RinglineOptions } from './core/door.ts';
export type { AcceptedInvitations, PendingInvitations } from './core/invitations/invitations.ts';
export type { RaiseOptions } from './core/raising.ts';
export { RtmError } from './core/rtm-error.ts';
export { setServer } from './core/server-address.ts';
