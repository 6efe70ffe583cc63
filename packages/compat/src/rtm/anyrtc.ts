/** For applications written for ar-rtm-sdk: change the import, say where the server is, and they run on Ringline. */
import { ArRTM } from './anyrtc/ar-rtm.ts';

export default ArRTM;
export { ArRTM };
export { RtmChannel } from './anyrtc/channel.ts';
export { RtmClient } from './anyrtc/client.ts';
export * as RtmErrorCode from './anyrtc/error-codes.ts';
export type * as RtmEvents from './anyrtc/events.ts';
export { LocalInvitation } from './anyrtc/local-invitation.ts';
export { RemoteInvitation } from './anyrtc/remote-invitation.ts';
export * as RtmStatusCode from './anyrtc/status-codes.ts';
export * from './anyrtc/types.ts';
export type { CallEventHandler, RtmCallManager } from './core/call-manager.ts';
export type { RinglineOptions } from './core/door.ts';
export type { AcceptedInvitations, PendingInvitations } from './core/invitations/invitations.ts';
export type { RaiseOptions } from './core/raising.ts';
export { RtmError } from './core/rtm-error.ts';
export { setServer } from './core/server-address.ts';
