import type {
  Call,
  EndReason,
  LegEndReason,
  LegView,
  Silence,
  VideoEndView,
} from '@ringline/client';
import type { Texts } from '../text/en.ts';
import { formatDuration } from '../ui/format.ts';

/** What kind of call rings here. */
export function incomingText({ media }: Pick<Call, 'media'>, { call }: Texts): string {
  return media === 'video' ? call.incomingVideo : call.incomingAudio;
}

/** How far an outgoing call has come. */
export function ringingText(
  { state, legs }: Pick<Call, 'state' | 'legs'>,
  { call }: Texts,
): string {
  const alerting = legs.filter((leg) => leg.state === 'alerting').length;
  return state === 'ringing' && alerting > 0 ? call.ringingOn(alerting) : call.calling;
}

/** What the caller should know of the callee's devices that do not ring aloud, a sentence each. */
export function legNotes(legs: readonly LegView[], { call }: Texts): string[] {
  const notes = [
    [isSilent('autoplay-blocked'), call.blockedOn],
    [isSilent('no-microphone'), call.noMicrophoneOn],
    [isSilent('muted-by-user'), call.mutedOn],
    [isSilent(undefined), call.silentOn],
    [({ state }: LegView) => state === 'unresponsive', call.unresponsive],
    [({ state }: LegView) => state === 'refused', call.refusedOn],
  ] as const;
  return notes.flatMap(([matches, word]) => {
    const count = legs.filter(matches).length;
    return count === 0 ? [] : [word(count)];
  });
}

function isSilent(why: Silence | undefined): (leg: LegView) => boolean {
  return ({ state, silence }) => state === 'silent' && silence === why;
}

/** What keeps an established call from being as it was: a hold, a resume, an open request for video; undefined when nothing does. */
export function standingText(
  call: Pick<Call, 'localHold' | 'remoteHold' | 'resuming' | 'videoRequestedBy'>,
  name: string,
  { call: words }: Texts,
): string | undefined {
  if (call.localHold) return call.remoteHold ? words.heldByBoth(name) : words.held;
  if (call.remoteHold) return words.heldByPeer(name);
  if (call.resuming) return words.resuming;
  return call.videoRequestedBy === 'self' ? words.askingVideo(name) : undefined;
}

/** How a picture, or a request for one, came to its end; undefined where this user did it, or sees it anyway. */
export function videoEndText(
  { why, by }: VideoEndView,
  name: string,
  { call: { videoEnd: words } }: Texts,
): string | undefined {
  if (why === 'expired') return words.expired;
  if (by === 'self') return why === 'camera-failed' ? words.cameraFailed : undefined;
  switch (why) {
    case 'removed':
      return words.removed(name);
    case 'refused':
      return words.refused(name);
    case 'unsupported':
      return words.unsupported(name);
    case 'withdrawn':
      return words.withdrawn(name);
    case 'camera-failed':
      return words.peerCameraFailed(name);
    case 'held':
      return undefined;
  }
}

/** How a call that is held, or on, beside another one stands; `heldMs` where it is known how long it has been held. */
export function asideText(
  call: Pick<Call, 'state' | 'localHold' | 'remoteHold' | 'resuming'>,
  heldMs: number | undefined,
  name: string,
  { call: words }: Texts,
): string {
  if (call.state !== 'established') return words.calling;
  if (!call.localHold) {
    if (call.resuming) return words.resuming;
    return call.remoteHold ? words.heldByPeer(name) : words.inCall;
  }
  if (call.remoteHold) return words.heldByBothShort;
  return heldMs === undefined ? words.held : words.heldFor(formatDuration(heldMs / 1000));
}

type Ends = Readonly<Record<EndReason | LegEndReason, string>>;

function incomingEnds({ ended }: Texts): Ends {
  const { missed } = ended;
  return {
    completed: ended.completed,
    cancelled: missed,
    refused: ended.refusedByMe,
    'no-answer': missed,
    busy: missed,
    offline: missed,
    'connection-lost': ended.connectionLost,
    'media-failed': ended.mediaFailed,
    'resume-failed': ended.resumeFailed,
    'answered-elsewhere': ended.answeredElsewhere,
    'refused-elsewhere': ended.refusedElsewhere,
    expired: missed,
    lost: missed,
  };
}

function outgoingEnds(texts: Texts, name: string): Ends {
  const { ended } = texts;
  return {
    ...incomingEnds(texts),
    cancelled: ended.cancelledByMe,
    refused: ended.refused(name),
    'no-answer': ended.noAnswer,
    busy: ended.busy(name),
    offline: ended.offline(name),
  };
}

/** How a call ended, worded from this side. */
export function endedText(
  call: Pick<Call, 'direction' | 'endReason' | 'durationSeconds'>,
  name: string,
  texts: Texts,
): string {
  const { direction, durationSeconds: seconds, endReason = 'completed' } = call;
  const isOutgoing = direction === 'outgoing';
  const ends = isOutgoing ? outgoingEnds(texts, name) : incomingEnds(texts);
  const isTimed = endReason === 'completed' && seconds !== undefined;
  return isTimed ? `${ends.completed} · ${formatDuration(seconds)}` : ends[endReason];
}

/** How a call ended: as a voice has told it where one did, so that the page does not say another thing afterwards. */
export function overText(
  call: Pick<Call, 'direction' | 'endReason' | 'durationSeconds'>,
  wasAnnounced: boolean,
  name: string,
  texts: Texts,
): string {
  return wasAnnounced ? announcedText(call, name, texts) : endedText(call, name, texts);
}

/** What a voice tells the caller of a call that nobody answered: who refused is busy, no more is said of it. */
export function announcedText(
  call: Pick<Call, 'direction' | 'endReason' | 'durationSeconds'>,
  name: string,
  texts: Texts,
): string {
  const { announced } = texts.call;
  const words: Partial<Record<string, (name: string) => string>> = announced;
  return words[call.endReason ?? '']?.(name) ?? endedText(call, name, texts);
}
