import type { MediaPort } from './media.ts';

function none(): never {
  throw new TypeError('This client has no media.');
}

const nothing = async () => none();

/** The devices of a client that signals only: none can be listed or opened. */
export const NO_MEDIA: MediaPort = {
  getUserMedia: nothing,
  enumerateDevices: nothing,
  createStream: none,
  createPeerConnection: none,
};
