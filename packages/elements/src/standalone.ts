/** The UI kit with what a page needs of the SDK: published as one file, for pages without a bundler. */
export { RinglineClient, RinglineError, tabDeviceId } from '@ringline/client';
export type { Call, Media, Message, Peer, TokenProvider, UserId } from '@ringline/client';
export * from './index.ts';
