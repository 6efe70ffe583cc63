import type * as Vendor from 'ar-rtm-sdk';
import { expect, test } from 'vitest';
import type * as agora from '../../src/rtm/agora.ts';
import AgoraRTM from '../../src/rtm/agora.ts';
import * as anyrtc from '../../src/rtm/anyrtc.ts';
import type * as Declared from './vendor/agora-rtm-sdk.js';

/** Compiles for nothing but `never`: what is missing is named by the error. */
type Nothing<Missing extends never> = Missing;

/** What a vendor's page calls its own; no app has business with it. */
type Inner = 'channels' | 'channelAttributesCacheLru';

export type AnyrtcMissing = [
  Nothing<Exclude<keyof Vendor.RtmClient, keyof anyrtc.RtmClient | Inner>>,
  Nothing<Exclude<keyof Vendor.RtmChannel, keyof anyrtc.RtmChannel>>,
  Nothing<Exclude<keyof Vendor.LocalInvitation, keyof anyrtc.LocalInvitation>>,
  Nothing<Exclude<keyof Vendor.RemoteInvitation, keyof anyrtc.RemoteInvitation>>,
  Nothing<Exclude<keyof typeof Vendor.ArRTM, keyof typeof anyrtc.ArRTM>>,
  Nothing<Exclude<keyof Vendor.RtmEvents.RtmClientEvents, keyof anyrtc.RtmEvents.RtmClientEvents>>,
  Nothing<
    Exclude<keyof Vendor.RtmEvents.RtmChannelEvents, keyof anyrtc.RtmEvents.RtmChannelEvents>
  >,
  Nothing<Exclude<keyof typeof Vendor, keyof typeof anyrtc>>,
];

export type AgoraMissing = [
  Nothing<Exclude<keyof Declared.RtmClient, keyof agora.RtmClient>>,
  Nothing<Exclude<keyof Declared.RtmChannel, keyof agora.RtmChannel>>,
  Nothing<Exclude<keyof Declared.LocalInvitation, keyof agora.LocalInvitation>>,
  Nothing<Exclude<keyof Declared.RemoteInvitation, keyof agora.RemoteInvitation>>,
  Nothing<Exclude<keyof typeof Declared.default, keyof typeof agora.AgoraRTM>>,
];

/** The enumerations of error numbers, by their vendor's declarations. */
type VendorCodes = {
  readonly [Name in keyof typeof Vendor.RtmErrorCode]: Readonly<
    Record<keyof (typeof Vendor.RtmErrorCode)[Name], number>
  >;
};
/** And of words. */
type VendorWords = {
  readonly [Name in keyof typeof Vendor.RtmStatusCode]: Readonly<
    Record<keyof (typeof Vendor.RtmStatusCode)[Name], string>
  >;
};

test('[RTM1] everything that the vendors declare is declared here', () => {
  const codes: VendorCodes = anyrtc.RtmErrorCode;
  const words: VendorWords = anyrtc.RtmStatusCode;
  // The compiler has compared them; what is left to see is that they are there.
  expect(Object.keys(codes)).toHaveLength(17);
  expect(Object.keys(words)).toHaveLength(9);
});

/** As apps for 1.1 to 1.3 are written, which had one namespace. */
interface Page {
  client: AgoraRTM.RtmClient;
  channel: AgoraRTM.RtmChannel;
  message: AgoraRTM.RtmTextMessage;
  local: AgoraRTM.LocalInvitation;
  remote: AgoraRTM.RemoteInvitation;
  told: AgoraRTM.RtmEvents.RtmClientEvents['MessageFromPeer'];
}

test('[RTM1] the types that the vendor had in its namespace are there too', () => {
  const client: Page['client'] = AgoraRTM.createInstance('app');
  const channel: Page['channel'] = client.createChannel('room');
  const local: Page['local'] = client.createLocalInvitation('bob');
  const message = client.createMessage<Page['message']>({ text: 'hello' });
  const asked: [Page['remote'], Page['told']] | undefined = undefined;
  expect([channel.channelId, local.calleeId, message.text]).toEqual(['room', 'bob', 'hello']);
  expect(asked).toBeUndefined();
});
