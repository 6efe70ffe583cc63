import { listen } from './listen.ts';
import { createTone } from './tone.ts';
import type { MediaPort, PeerConnection, Permission, Stream } from '../media/media.ts';

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
  createTone,
  enumerateDevices: async () => navigator.mediaDevices.enumerateDevices(),
  // An insecure page has no media devices, and nothing changes there.
  onDeviceChange: (changed) => listen(navigator.mediaDevices, ['devicechange'], changed),
  permission,
  onGesture: (run) => listen(globalThis, ['pointerup', 'keydown'], run),
};

/** The part of `document.featurePolicy` that is used: Chromium's, for want of a standard. */
interface FeaturePolicy {
  allowsFeature(name: string): boolean;
}

async function permission(name: 'microphone' | 'camera'): Promise<Permission | undefined> {
  const { featurePolicy } = document as { readonly featurePolicy?: FeaturePolicy };
  if (featurePolicy?.allowsFeature(name) === false) return 'forbidden';
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return undefined;
  }
}
