import type { QualitySummary } from '@ringline/protocol';
import type { PeerConnection } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import { QUALITY_SAMPLE_MS } from '../timing.ts';
import type { QualityLevel } from './level.ts';
import { levelOf } from './level.ts';
import type { Reading } from './reading.ts';
import { read } from './reading.ts';
import type { Sample } from './sample.ts';
import { goesOn, sampleBetween } from './sample.ts';
import { sendsVideo, tune } from './senders.ts';
import { Tally } from './tally.ts';
import type { VideoLimit } from './video-limit.ts';
import { UNLIMITED, afterSample } from './video-limit.ts';

/** How well the other side is received at the moment; durations in milliseconds, ratios from 0 to 1. */
export interface Quality {
  /** Mean opinion score of the sound, 1 (bad) to 4.5, estimated from the path (ITU-T G.107). */
  readonly mos: number;
  readonly level: QualityLevel;
  /** Packets lost or too late, of those that were due. */
  readonly lossRatio: number;
  /** Undefined where the browser does not tell, as the others. */
  readonly rttMs: number | undefined;
  readonly jitterMs: number | undefined;
  /** Whether media goes through a TURN server. */
  readonly relayed: boolean | undefined;
}

/** A change of the score within one level that is worth telling: people do not notice less. */
const MOS_STEP = 0.2;

/** What measuring a call tells it. */
export interface CallQualityEvents {
  /** The level is another, or the score by a step. */
  changed(): void;
  /** More of the picture is given up for the sound, or less. */
  limited(): void;
  /** There is one more sample. */
  measured(): void;
}

/** Measures a call while it is connected, and gives up the picture for the sound when it must. */
export class CallQuality {
  readonly #clock: Clock;
  readonly #connection: () => PeerConnection | undefined;
  readonly #events: CallQualityEvents;
  readonly #tally = new Tally();
  #timer: Timer | undefined;
  /** One more with each beginning and end: what an earlier one had under way counts no more. */
  #run = 0;
  #isRunning = false;
  #now: Quality | undefined;
  #told: Quality | undefined;
  #sentLevel: QualityLevel | undefined;
  #video = UNLIMITED;

  /** `connection` gives the one that carries media at the moment. */
  constructor(
    clock: Clock,
    connection: () => PeerConnection | undefined,
    events: CallQualityEvents,
  ) {
    this.#clock = clock;
    this.#connection = connection;
    this.#events = events;
  }

  /** The newest; undefined until something was measured. */
  get now(): Quality | undefined {
    return this.#now;
  }

  get videoLimit(): VideoLimit {
    return this.#video.limit;
  }

  /** Of all that was measured. */
  get summary(): QualitySummary | undefined {
    return this.#tally.summary;
  }

  /** Measures while the call is connected: not before, not during an interruption, not after. */
  measure(isConnected: boolean): void {
    if (isConnected === this.#isRunning) return;
    this.#isRunning = isConnected;
    this.#run++;
    this.#timer?.cancel();
    const connection = this.#connection();
    if (!isConnected || connection?.getStats === undefined) return;
    void tune(connection, this.videoLimit);
    void this.#look(connection, undefined);
  }

  async #look(connection: PeerConnection, before: Reading | undefined): Promise<void> {
    const run = this.#run;
    const after = await read(connection, this.#clock.now());
    if (run !== this.#run) return;
    const last = before && after && goesOn(before, after) ? before : undefined;
    const sample = last && after && sampleBetween(last, after);
    // Told last: a listener may end the call.
    this.#timer = this.#clock.after(QUALITY_SAMPLE_MS, () => {
      // Without a sample the last reading stays: what was lost meanwhile shows with the next packet.
      void this.#look(connection, sample ? after : (last ?? after));
    });
    if (sample) this.#take(sample, connection);
  }

  #take(sample: Sample, connection: PeerConnection): void {
    this.#tally.add(sample);
    const { lossRatio, rttMs, jitterMs, relayed } = sample;
    // Half of the last score stays: one bad moment is no bad path.
    const mos = this.#now === undefined ? sample.mos : (this.#now.mos + sample.mos) / 2;
    const level = levelOf(mos, this.#now?.level);
    this.#now = { mos, level, lossRatio, rttMs, jitterMs, relayed };
    this.#limitVideo(sample, connection);
    this.#events.measured();
    const told = this.#told;
    if (told?.level === level && Math.abs(told.mos - mos) < MOS_STEP) return;
    this.#told = this.#now;
    this.#events.changed();
  }

  #limitVideo({ mos, sentMos = mos }: Sample, connection: PeerConnection): void {
    const before = this.videoLimit;
    this.#sentLevel = levelOf(sentMos, this.#sentLevel);
    this.#video = sendsVideo(connection) ? afterSample(this.#video, this.#sentLevel) : UNLIMITED;
    if (this.videoLimit === before) return;
    void tune(connection, this.videoLimit);
    this.#events.limited();
  }
}
