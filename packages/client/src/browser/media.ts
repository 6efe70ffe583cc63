import type { MediaPort, PeerConnection, Stream } from '../media/media.ts';

/** Microphone, camera and peer connections of this browser; null where there are none, as in Node. */
export function defaultMedia(): MediaPort | null {
  return typeof RTCPeerConnection === 'undefined' ? null : browserMedia;
}

const browserMedia: MediaPort = {
  // Asking through an undefined mediaDevices rejects too: an insecure page has none.
  getUserMedia: async (wanted) => navigator.mediaDevices.getUserMedia(wanted),
  createStream: () => new MediaStream() satisfies Stream,
  createPeerConnection: (configuration) =>
    // Its events carry more than the port's: the types differ, what is used does not.
    new RTCPeerConnection(configuration) as unknown as PeerConnection,
  createPlayer: () => new Audio(),
};
