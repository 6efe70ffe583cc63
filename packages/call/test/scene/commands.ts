import { RING_TIMEOUT_MS } from '@ringline/protocol';
import type {
  Accept,
  Actor,
  AnswerVideo,
  Bind,
  Cancel,
  Connected,
  Declare,
  End,
  Expire,
  Hold,
  Invite,
  Lose,
  Refuse,
  RemoveVideo,
  RequestVideo,
  Resume,
  Ring,
  Swap,
} from '../../src/index.ts';
import { profileOf } from './people.ts';

/** The call of a test, unless it needs two. */
export const CALL = 'call-1';
/** Another call. */
export const OTHER = 'call-2';

type Given<C> = Partial<Omit<C, 'type' | 'by'>>;

export function invite(by: Actor, to: string, given: Given<Invite> = {}): Invite {
  return {
    type: 'invite',
    call: CALL,
    roomId: 7,
    by,
    caller: profileOf(by),
    to,
    media: 'video',
    content: null,
    ringTimeoutMs: RING_TIMEOUT_MS,
    isHoldable: true,
    mayHoldOther: false,
    isAnnounced: true,
    tellsRecord: true,
    isRaised: false,
    ...given,
  };
}

export function ring(by: Actor, given: Given<Ring> = {}): Ring {
  return { type: 'ring', call: CALL, by, receipt: 'alerting', silence: null, ...given };
}

export function accept(by: Actor, given: Given<Accept> = {}): Accept {
  return {
    type: 'accept',
    call: CALL,
    by,
    media: null,
    response: null,
    mayHoldOther: true,
    ...given,
  };
}

export function refuse(by: Actor, given: Given<Refuse> = {}): Refuse {
  return {
    type: 'refuse',
    call: CALL,
    by,
    everywhere: true,
    isUnseen: false,
    response: null,
    ...given,
  };
}

export function refuseHere(by: Actor, given: Given<Refuse> = {}): Refuse {
  return refuse(by, { everywhere: false, ...given });
}

export function cancel(by: Actor, given: Given<Cancel> = {}): Cancel {
  return { type: 'cancel', call: CALL, by, ...given };
}

export function end(by: Actor, given: Given<End> = {}): End {
  return { type: 'end', call: CALL, by, ageMs: 0, resumesOther: false, ...given };
}

export function connected(by: Actor, given: Given<Connected> = {}): Connected {
  return { type: 'connected', call: CALL, by, epoch: 1, resume: 0, ...given };
}

export function hold(by: Actor, given: Given<Hold> = {}): Hold {
  return { type: 'hold', call: CALL, by, isPermitted: true, ...given };
}

export function resume(by: Actor, given: Given<Resume> = {}): Resume {
  return { type: 'resume', call: CALL, by, askVideo: false, ...given };
}

export function swap(by: Actor, given: Given<Swap> = {}): Swap {
  return { type: 'swap', call: CALL, by, isPermitted: true, ...given };
}

export function requestVideo(by: Actor, given: Given<RequestVideo> = {}): RequestVideo {
  return { type: 'request-video', call: CALL, by, isPermitted: true, ...given };
}

export function answerVideo(by: Actor, given: Given<AnswerVideo> = {}): AnswerVideo {
  return { type: 'answer-video', call: CALL, by, answer: 'accept', ...given };
}

export function removeVideo(by: Actor, given: Given<RemoveVideo> = {}): RemoveVideo {
  return { type: 'remove-video', call: CALL, by, cameraFailed: false, ...given };
}

export function declare(by: Actor, given: Given<Declare> = {}): Declare {
  return { type: 'declare', call: CALL, by, microphone: false, camera: true, ...given };
}

export function expire(call = CALL): Expire {
  return { type: 'expire', call };
}

/** The device is there, and its page still holds its calls. */
export function bind(by: Actor, given: Given<Bind> = {}): Bind {
  return {
    type: 'bind',
    by,
    profile: profileOf(by),
    holds: [CALL, OTHER],
    isAnnounced: true,
    takesRecords: true,
    speaksRtm: false,
    ...given,
  };
}

/** The device is there with a page that was loaded anew. */
export function reload(by: Actor): Bind {
  return bind(by, { holds: [] });
}

export function lose(by: Actor, at: number): Lose {
  return { type: 'lose', by, at };
}
