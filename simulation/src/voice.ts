import type { ListenAsk, Listener, ListenerEvents, Voice } from '@ringline/server';
import { offerSound } from '@ringline/testkit';
import type { FakeMedia, FakePeerConnection, FakeTrack, SeededRandomness } from '@ringline/testkit';
import type { ProcessClock } from '@ringline/testkit';

/** Announcements last so long. */
const SAID_AFTER_MS = 4_000;
/** Gathering and offering take this. */
const OFFERED_AFTER_MS = 20;

/** The part of listeners that fail by themselves. */
const FAILS = 0.1;
/** The part of asks that find no place, or no engine. */
const IS_AWAY = 0.1;

/** A node's voice over fake media: it offers, plays, says what it has to say, and now and then fails. */
export class SimulatedVoice implements Voice {
  readonly #media: FakeMedia;
  readonly #clock: ProcessClock;
  readonly #randomness: SeededRandomness;
  readonly #listeners = new Set<SimulatedListener>();

  constructor(media: FakeMedia, clock: ProcessClock, randomness: SeededRandomness) {
    this.#media = media;
    this.#clock = clock;
    this.#randomness = randomness;
  }

  /** How many hear something. */
  get listeners(): number {
    return this.#listeners.size;
  }

  listen(ask: ListenAsk, events: ListenerEvents): Listener | 'full' | 'away' {
    if (this.#randomness.chance(IS_AWAY)) return this.#randomness.pick(['full', 'away'] as const);
    const failsAfterMs = this.#randomness.chance(FAILS)
      ? this.#randomness.integer(0, 5_000)
      : undefined;
    const listener = new SimulatedListener(this.#media, this.#clock, ask, events, () =>
      this.#listeners.delete(listener),
    );
    this.#listeners.add(listener);
    listener.begin(failsAfterMs);
    return listener;
  }

  /** kill -9: nobody hears anything more, and nobody is told. */
  kill(): void {
    for (const listener of this.#listeners) listener.close();
  }
}

class SimulatedListener implements Listener {
  readonly #connection: FakePeerConnection;
  readonly #media: FakeMedia;
  readonly #clock: ProcessClock;
  readonly #events: ListenerEvents;
  readonly #closed: () => void;
  #prompt: ListenAsk['prompt'];
  #turns = 0;
  #track: FakeTrack | undefined;
  #isOver = false;

  constructor(
    media: FakeMedia,
    clock: ProcessClock,
    { prompt }: ListenAsk,
    events: ListenerEvents,
    closed: () => void,
  ) {
    this.#media = media;
    this.#clock = clock;
    this.#prompt = prompt;
    this.#events = events;
    this.#closed = closed;
    this.#connection = media.device('voice').createPeerConnection();
  }

  begin(failsAfterMs: number | undefined): void {
    void this.#offer();
    if (failsAfterMs === undefined) return;
    this.#clock.after(failsAfterMs, () => {
      if (this.#isOver) return;
      this.close();
      this.#events.failed();
    });
  }

  answer(sdp: string): void {
    if (this.#isOver) return;
    void this.#connection.setRemoteDescription({ type: 'answer', sdp }).then(() => this.#say());
  }

  play(prompt: ListenAsk['prompt']): void {
    this.#prompt = prompt;
    this.#say();
  }

  close(): void {
    this.#isOver = true;
    this.#track?.stop();
    this.#connection.close();
    this.#closed();
  }

  async #offer(): Promise<void> {
    const stream = await this.#media.device('voice').getUserMedia({ audio: true });
    this.#track = stream.getTracks()[0];
    if (this.#isOver) return this.#track?.stop();
    const gathered = () =>
      new Promise<void>((resolve) => void this.#clock.after(OFFERED_AFTER_MS, resolve));
    this.#offered(await offerSound(this.#connection, this.#track ?? null, gathered));
  }

  #offered(sdp: string): void {
    if (!this.#isOver) this.#events.offered(sdp);
  }

  /** Tones go on, announcements are said to their end. */
  #say(): void {
    const turn = ++this.#turns;
    if (this.#prompt === 'hold' || this.#prompt === 'ringback') return;
    this.#clock.after(SAID_AFTER_MS, () => {
      if (!this.#isOver && turn === this.#turns) this.#events.finished();
    });
  }
}
