import type { CallConnection, CallEvents, CallState } from '../call.ts';

/** What events are told from. */
export interface Snapshot {
  readonly state: CallState;
  readonly connection: CallConnection;
}

/** The events that tell what has become of a call, in their order. */
export type Change = Exclude<
  keyof CallEvents,
  'stateChanged' | 'problem' | 'needsGesture' | 'quality' | 'videoLimited'
>;

/** What happened between two looks at a call; what was skipped on the way is not told. */
export function changesBetween(before: Snapshot, after: Snapshot): Change[] {
  if (after.state === 'ended') return before.state === 'ended' ? [] : ['ended'];
  return [...progress(before.state, after.state), ...flow(before.connection, after.connection)];
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
