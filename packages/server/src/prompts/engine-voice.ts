import type { Clock } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { VoiceMetrics } from '../observe/metrics.ts';
import type { FromEngine, Play } from './engine-messages.ts';
import type { StartEngine } from './engine-process.ts';
import { clipFor, isTone } from './prompt.ts';
import type { Prompt } from './prompt.ts';
import type { Sounds } from './sounds.ts';
import { Supervisor } from './supervisor.ts';
import type { ListenAsk, Listener, ListenerEvents, Voice } from './voice.ts';

/** What operators decide of the voice. */
export interface VoiceSettings {
  /** UDP; 0 takes a free one. */
  readonly port: number;
  /** Addresses that devices are told; none: those of this machine. */
  readonly publicIps: readonly string[];
  readonly maxListeners: number;
  /** How often an announcement is played. */
  readonly plays: number;
  /** A folder with the operator's own sounds. */
  readonly promptsDir?: string;
}

/** What the voice needs of the rest of the server. */
export interface VoicePorts {
  readonly startEngine: StartEngine;
  readonly sounds: Sounds;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: VoiceMetrics;
}

interface Hearer {
  readonly language: string;
  readonly events: ListenerEvents;
  /** Of what is played now: what was finished before it concerns nobody any more. */
  turn: number;
}

/** The voice whose sound is made by an engine in a process of its own. */
export class EngineVoice implements Voice {
  readonly #hearers = new Map<number, Hearer>();
  readonly #log: Log;
  readonly #metrics: VoiceMetrics;
  readonly #settings: VoiceSettings;
  readonly #supervisor: Supervisor;
  #lastId = 0;

  constructor(ports: VoicePorts, settings: VoiceSettings) {
    const { startEngine, sounds, clock, log, metrics } = ports;
    const { port, publicIps } = settings;
    this.#log = log;
    this.#metrics = metrics;
    this.#settings = settings;
    const engine = { startEngine, settings: { port, publicIps, sounds }, clock, log };
    this.#supervisor = new Supervisor(engine, {
      told: (message) => this.#told(message),
      gone: () => this.#loseAll(),
      restarted: () => metrics.voiceRestarted(),
    });
  }

  /** Begins to start the engine; until it is there the voice is away. */
  start(): void {
    this.#supervisor.start();
  }

  /** Ends the engine; whoever listens is not told. */
  async stop(): Promise<void> {
    for (const id of this.#hearers.keys()) this.#forget(id);
    await this.#supervisor.stop();
  }

  listen({ prompt, language }: ListenAsk, events: ListenerEvents): Listener | 'full' | 'away' {
    if (!this.#supervisor.isReady) return 'away';
    if (this.#hearers.size >= this.#settings.maxListeners) return 'full';
    const id = ++this.#lastId;
    this.#hearers.set(id, { language, events, turn: 1 });
    this.#metrics.listenerOpened();
    this.#supervisor.send({ type: 'open', id, play: this.#playOf(prompt, language, 1) });
    return {
      answer: (sdp) => this.#supervisor.send({ type: 'answer', id, sdp }),
      play: (next) => this.#play(id, next),
      close: () => this.#close(id),
    };
  }

  #play(id: number, prompt: Prompt): void {
    const hearer = this.#hearers.get(id);
    if (hearer === undefined) return;
    hearer.turn++;
    const play = this.#playOf(prompt, hearer.language, hearer.turn);
    this.#supervisor.send({ type: 'play', id, play });
  }

  #playOf(prompt: Prompt, language: string, turn: number): Play {
    const plays = isTone(prompt) ? 'endless' : this.#settings.plays;
    return { clip: clipFor(prompt, language), plays, turn };
  }

  #close(id: number): void {
    if (this.#forget(id) !== undefined) this.#supervisor.send({ type: 'close', id });
  }

  #told(message: FromEngine): void {
    if (!('id' in message)) return;
    const hearer = this.#hearers.get(message.id);
    if (hearer === undefined) return;
    switch (message.type) {
      case 'offered':
        return hearer.events.offered(message.sdp);
      case 'finished':
        if (message.turn === hearer.turn) hearer.events.finished();
        return;
      case 'failed':
        this.#log.debug({ why: message.why }, 'a listener was lost');
        this.#forget(message.id);
        return hearer.events.failed();
    }
  }

  #loseAll(): void {
    const lost = [...this.#hearers].map(([id]) => this.#forget(id));
    for (const hearer of lost) hearer?.events.failed();
  }

  #forget(id: number): Hearer | undefined {
    const hearer = this.#hearers.get(id);
    if (this.#hearers.delete(id)) this.#metrics.listenerClosed();
    return hearer;
  }
}
