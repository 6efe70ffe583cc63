import type { Call, EndReason, LegEndReason, LegView } from '@ringline/client';
import type { Texts } from '../text/en.ts';
import { formatDuration } from '../ui/format.ts';

/** How far an outgoing call has come, with the callee's devices. */
export function outgoingText({ state, legs }: Pick<Call, 'state' | 'legs'>, texts: Texts): string {
  const { call } = texts;
  const count = (wanted: LegView['state']) => legs.filter((leg) => leg.state === wanted).length;
  const alerting = count('alerting');
  const others = [
    [count('silent'), call.silentOn] as const,
    [count('unresponsive'), call.unresponsive] as const,
    [count('refused'), call.refusedOn] as const,
  ].flatMap(([devices, word]) => (devices === 0 ? [] : [word(devices)]));
  const first = state === 'ringing' && alerting > 0 ? call.ringingOn(alerting) : call.calling;
  return [first, ...others].join(' · ');
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
