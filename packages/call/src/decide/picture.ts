import type { VideoEnd } from '@ringline/protocol';
import { VIDEO_REQUEST_MS } from '@ringline/protocol';
import type { Established, Role } from '../call.ts';

/** The call with its picture on. */
export function withVideo(call: Established): Established {
  return { ...call, video: { state: 'on' }, hadVideo: true, videoEnding: null };
}

/** The call in which this side waits for the other to agree. */
export function requested(call: Established, by: Role, now: number): Established {
  const until = now + VIDEO_REQUEST_MS;
  return { ...call, video: { state: 'requested', by, until }, videoEnding: null };
}

/** The call without picture, request or what was set aside, and why. */
export function withoutVideo(call: Established, why: VideoEnd, by: Role | null): Established {
  return { ...call, video: { state: 'off' }, setAside: null, videoEnding: { why, by } };
}
