import type { Media, Who } from '@ringline/protocol';
import type { Call, CallConnection, CallEvents, CallState } from '../call.ts';

/** What events are told from. */
export interface Snapshot {
  readonly state: CallState;
  readonly connection: CallConnection;
  readonly media: Media;
  /** Which holds stand, and whether media are on their way back. */
  readonly holds: string;
  readonly videoRequestedBy: Who | undefined;
}

/** How a call stands. */
export function snapshotOf(call: Call): Snapshot {
  const { state, connection, media, localHold, remoteHold, resuming, videoRequestedBy } = call;
  const holds = `${localHold} ${remoteHold} ${resuming}`;
  return { state, connection, media, holds, videoRequestedBy };
}

/** The events that tell what has become of a call, in their order. */
export type Change = Exclude<
  keyof CallEvents,
  'stateChanged' | 'problem' | 'needsGesture' | 'quality' | 'videoLimited'
>;

/** What happened between two looks at a call; what was skipped on the way is not told. */
export function changesBetween(before: Snapshot, after: Snapshot): Change[] {
  if (after.state === 'ended' || after.state === 'announcing') {
    return before.state === after.state ? [] : [after.state];
  }
  return [
    ...progress(before.state, after.state),
    ...flow(before.connection, after.connection),
    ...(before.holds === after.holds ? [] : ['holdChanged' as const]),
    ...picture(before, after),
  ];
}

function progress(before: CallState, after: CallState): Change[] {
  if (before === after) return [];
  if (after === 'ringing') return ['ringing'];
  return after === 'established' ? ['accepted'] : [];
}

function flow(before: CallConnection, after: CallConnection): Change[] {
  if (after === before) return [];
  const wasUp = before === 'connected' || before === 'reconnecting';
  if (after === 'connected') return wasUp ? ['reconnected'] : ['connected'];
  if (after !== 'reconnecting') return [];
  return wasUp ? ['reconnecting'] : ['connected', 'reconnecting'];
}

function picture(before: Snapshot, after: Snapshot): Change[] {
  if (after.state !== 'established') return [];
  const wasThere = before.state === 'established';
  if (wasThere && before.media !== after.media) {
    return [after.media === 'video' ? 'videoAdded' : 'videoRemoved'];
  }
  if (before.videoRequestedBy === after.videoRequestedBy) return [];
  if (after.videoRequestedBy === undefined) return ['videoRefused'];
  return after.videoRequestedBy === 'peer' ? ['videoRequested'] : [];
}
