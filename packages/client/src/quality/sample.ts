import type { Stat } from '../media/media.ts';
import { mosOf } from './mos.ts';
import type { Reading } from './reading.ts';

/** What was measured between two readings. */
export interface Sample {
  readonly seconds: number;
  readonly mos: number;
  readonly lossRatio: number;
  readonly concealedRatio: number | undefined;
  readonly rttMs: number | undefined;
  readonly jitterMs: number | undefined;
  readonly relayed: boolean | undefined;
  /** Undefined when no picture comes in. */
  readonly freezes: number | undefined;
  /** The score that the other side would give to what it receives; undefined where it does not tell. */
  readonly sentMos: number | undefined;
}

/** Opus' usual frame of 20 ms and its look-ahead (RFC 6716 §2). */
const CODEC_MS = 26.5;
/** Packets of speech each second, by that frame. */
const SPEECH_PACKETS = 50;

/**
 * What happened between two readings of one connection; undefined when no sound came in: whether it was
 * lost or never sent shows with the next packet.
 */
export function sampleBetween(before: Reading, after: Reading): Sample | undefined {
  const since = (field: keyof Stat, kind: 'audio' | 'video' = 'audio') =>
    Math.max(0, numberIn(after[kind], field) - numberIn(before[kind], field));
  const received = since('packetsReceived');
  if (received === 0) return undefined;
  const seconds = (after.at - before.at) / 1000;
  const missed = since('packetsLost') + since('packetsDiscarded');
  // A muted side sends a packet now and then: one lost of five is no twenty percent of speech.
  const lossRatio = Math.min(1, missed / Math.max(received + missed, seconds * SPEECH_PACKETS));
  const { remote, pair, relayed } = after;
  const rttMs = milliseconds(pair.currentRoundTripTime ?? remote.roundTripTime);
  const jitterMs = milliseconds(after.audio.jitter);
  const emitted = since('jitterBufferEmittedCount');
  const bufferMs =
    emitted > 0 ? (since('jitterBufferDelay') / emitted) * 1000 : 2 * (jitterMs ?? 0);
  const score = (waitMs: number, loss: number) =>
    mosOf({ delayMs: (rttMs ?? 0) / 2 + waitMs + CODEC_MS, lossRatio: loss });
  const made = since('concealedSamples') - since('silentConcealedSamples');
  const played = since('totalSamplesReceived');
  const { fractionLost } = remote;
  return {
    seconds,
    mos: score(bufferMs, lossRatio),
    lossRatio,
    concealedRatio: played > 0 ? Math.min(1, Math.max(0, made / played)) : undefined,
    rttMs,
    jitterMs,
    relayed,
    freezes: after.video.framesDecoded ? since('freezeCount', 'video') : undefined,
    sentMos:
      fractionLost === undefined
        ? undefined
        : score(2 * (milliseconds(remote.jitter) ?? 0), fractionLost),
  };
}

/** Whether the counters go on, or began anew with another connection. */
export function goesOn(before: Reading, after: Reading): boolean {
  const count = ({ audio }: Reading) => numberIn(audio, 'packetsReceived');
  return count(after) >= count(before);
}

function numberIn(stat: Stat, field: keyof Stat): number {
  const value = stat[field];
  return typeof value === 'number' ? value : 0;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
