import type { Established, Role } from '../call.ts';
import { otherOf } from '../call.ts';

/**
 * Where hold and picture of an established call stand, as one side has it; exactly one of these. Whatever
 * a side asks for meets one of them, so each collision has a name before it is handled.
 */
export type Standing =
  /** This side's resume waits for media to flow. */
  | 'own-resume'
  | 'other-resume'
  | 'own-hold'
  | 'other-hold'
  | 'both-hold'
  /** This side's request for a picture waits for an answer. */
  | 'own-request'
  | 'other-request'
  /** The picture is on. */
  | 'video'
  | 'audio';

/** Where the call stands for the side of this role. */
export function standingOf(call: Established, role: Role): Standing {
  const { resuming, sides, video } = call;
  if (resuming) return resuming.by === role ? 'own-resume' : 'other-resume';
  const [own, other] = [sides[role].holds, sides[otherOf(role)].holds];
  if (own || other) return own && other ? 'both-hold' : own ? 'own-hold' : 'other-hold';
  switch (video.state) {
    case 'requested':
      return video.by === role ? 'own-request' : 'other-request';
    case 'on':
      return 'video';
    case 'off':
      return 'audio';
  }
}
