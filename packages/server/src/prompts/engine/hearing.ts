import type { Clock, Timer } from '../../clock.ts';
import type { Randomness } from '../../randomness.ts';
import type { Clip } from '../ogg-opus.ts';
import { OPUS_RATE } from '../opus-packet.ts';
import { readAnswer } from './answer.ts';
import type { Metronome } from './metronome.ts';
import type { Peer, Peers, Source } from './peer.ts';
import { makeSource } from './peer.ts';
import { Playback } from './playback.ts';
import { RtpStream } from './rtp-stream.ts';

/** From the offer on a device has so long until packets reach it; a browser needs a tenth of a second. */
export const CONNECT_WITHIN_MS = 10_000;

/** What all listeners of an engine share. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly metronome: Metronome;
  readonly peers: Peers;
  readonly randomness: Randomness;
}

/** What a listener's engine is told. */
export interface HearingEvents {
  /** What was to be played in this turn is over. */
  finished(turn: number): void;
  failed(why: string): void;
}

/** One thing to play, with its sound. */
export interface ClipPlay {
  readonly clip: Clip;
  /** May be Infinity. */
  readonly plays: number;
  readonly turn: number;
}

/** One device that hears something: its connection and what it is played. */
export class Hearing {
  readonly #events: HearingEvents;
  readonly #metronome: Metronome;
  readonly #peers: Peers;
  readonly #playback: Playback;
  readonly #rtp: RtpStream;
  readonly #source: Source;
  readonly #onBeat = (at: number) => this.#beat(at);
  readonly #connectTimer: Timer;
  #peer: Peer | undefined;
  #beganAt: number | undefined;
  #beatAt = 0;
  #turn: number;
  #isFinished = false;
  #isOver = false;

  constructor(ports: EnginePorts, { clip, plays, turn }: ClipPlay, events: HearingEvents) {
    this.#events = events;
    this.#metronome = ports.metronome;
    this.#peers = ports.peers;
    this.#playback = new Playback(clip, plays);
    this.#turn = turn;
    this.#source = makeSource(ports.randomness);
    this.#rtp = new RtpStream(this.#source.ssrc, ports.randomness);
    this.#connectTimer = ports.clock.after(CONNECT_WITHIN_MS, () => this.#fail('never connected'));
  }

  /** What the device is to answer. */
  get offer(): string {
    return this.#peers.offer(this.#source);
  }

  /** Takes any text that a device gave for its answer, once; later ones are left. */
  answer(sdp: string): void {
    if (this.#peer !== undefined) return;
    const answer = readAnswer(sdp);
    if ('flaw' in answer) return this.#fail(`its answer ${answer.flaw}`);
    try {
      this.#peer = this.#peers.connect(this.#source, answer.value, {
        opened: () => this.#begin(),
        lost: (why) => this.#fail(why),
      });
    } catch (error) {
      this.#fail(`it cannot be let in: ${String(error)}`);
    }
  }

  play({ clip, plays, turn }: ClipPlay): void {
    this.#turn = turn;
    this.#isFinished = false;
    this.#playback.play(clip, plays, this.#heardFor());
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connectTimer.cancel();
    this.#metronome.leave(this.#onBeat);
    this.#peer?.close();
  }

  #fail(why: string): void {
    if (this.#isOver) return;
    this.close();
    this.#events.failed(why);
  }

  #begin(): void {
    if (this.#isOver || this.#beganAt !== undefined) return;
    this.#connectTimer.cancel();
    this.#beganAt = this.#metronome.join(this.#onBeat);
    this.#beat(this.#beganAt);
  }

  #beat(at: number): void {
    this.#beatAt = at;
    const heardFor = this.#heardFor();
    for (let due = this.#playback.next(heardFor); due; due = this.#playback.next(heardFor)) {
      this.#peer?.send(this.#rtp.next(due.payload, due.at, due.isFirstOfSound));
    }
    if (this.#isFinished || !this.#playback.isOver(heardFor)) return;
    this.#isFinished = true;
    this.#events.finished(this.#turn);
  }

  /** In samples. */
  #heardFor(): number {
    if (this.#beganAt === undefined) return 0;
    return ((this.#beatAt - this.#beganAt) * OPUS_RATE) / 1000;
  }
}
