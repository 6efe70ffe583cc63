import type { Established, Role } from '../call.ts';
import type { AnswerVideo, RemoveVideo, RequestVideo } from '../command.ts';
import type { Decision, World } from '../decision.ts';
import { done, refused } from './changes.ts';
import type { Move } from './on-call.ts';
import { ALREADY, onSide, wrongState } from './on-call.ts';
import { requested, withVideo, withoutVideo } from './picture.ts';
import { standingOf } from './standing.ts';

/** A side asks for a picture: the other agrees, or has asked for the same (RFC 3264 has no word for consent). */
export function requestVideo(world: World, command: RequestVideo, now: number): Decision {
  return onSide(world, command, now, 'ask for video', (call, role) => {
    if (!command.isPermitted) return { outcome: refused('not-permitted') };
    switch (standingOf(call, role)) {
      case 'own-resume':
      case 'other-resume':
      case 'own-hold':
      case 'other-hold':
      case 'both-hold':
        return { outcome: refused('on-hold') };
      case 'own-request':
      case 'video':
        return ALREADY;
      case 'other-request':
        return { call: withVideo(call), outcome: done() };
      case 'audio':
        return { call: requested(call, role, now), outcome: done() };
    }
  });
}

/** A side agrees to the picture that the other has asked for, or does not. */
export function answerVideo(world: World, command: AnswerVideo, now: number): Decision {
  return onSide(world, command, now, 'answer a request for video', (call, role) => {
    switch (standingOf(call, role)) {
      case 'other-request':
        return { call: answered(call, role, command.answer), outcome: done() };
      case 'video':
        return command.answer === 'accept' ? ALREADY : nothingAsked(call);
      case 'own-resume':
      case 'other-resume':
      case 'own-hold':
      case 'other-hold':
      case 'both-hold':
      case 'own-request':
      case 'audio':
        return nothingAsked(call);
    }
  });
}

function nothingAsked(call: Established): Move {
  return wrongState(call, 'answer a request for video', 'without one from the other side');
}

function answered(call: Established, by: Role, answer: AnswerVideo['answer']): Established {
  switch (answer) {
    case 'accept':
      return withVideo(call);
    case 'refuse':
      return withoutVideo(call, 'refused', by);
    case 'unsupported':
      return withoutVideo(call, 'unsupported', by);
  }
}

/** A side ends the picture, its own request, or what a hold has set aside. */
export function removeVideo(world: World, command: RemoveVideo, now: number): Decision {
  return onSide(world, command, now, 'remove video', (call, role) => {
    const why = command.cameraFailed ? 'camera-failed' : 'removed';
    switch (standingOf(call, role)) {
      case 'own-request':
        return { call: withoutVideo(call, 'withdrawn', role), outcome: done() };
      case 'video':
        return { call: withoutVideo(call, why, role), outcome: done() };
      case 'own-resume':
      case 'other-resume':
      case 'own-hold':
      case 'other-hold':
      case 'both-hold':
        return call.setAside === null
          ? ALREADY
          : { call: withoutVideo(call, why, role), outcome: done() };
      case 'other-request':
      case 'audio':
        return ALREADY;
    }
  });
}
