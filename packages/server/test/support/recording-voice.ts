import type { ListenAsk, Listener, ListenerEvents, Voice } from '../../src/prompts/voice.ts';

/** One listener of a test, with what became of it. */
export class RecordedListener implements Listener {
  readonly ask: ListenAsk;
  readonly events: ListenerEvents;
  readonly played: string[];
  answeredWith: string | undefined;
  isClosed = false;

  constructor(ask: ListenAsk, events: ListenerEvents) {
    this.ask = ask;
    this.events = events;
    this.played = [ask.prompt];
  }

  answer(sdp: string): void {
    this.answeredWith = sdp;
  }

  play(prompt: string): void {
    this.played.push(prompt);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A voice without sound: it notes what was asked of it, and says what a test wants. */
export class RecordingVoice implements Voice {
  readonly listeners: RecordedListener[] = [];
  /** Why nobody can listen, or that all can. */
  refuses: 'full' | 'away' | undefined;

  listen(ask: ListenAsk, events: ListenerEvents): Listener | 'full' | 'away' {
    if (this.refuses) return this.refuses;
    const listener = new RecordedListener(ask, events);
    this.listeners.push(listener);
    return listener;
  }

  get last(): RecordedListener {
    const last = this.listeners.at(-1);
    if (!last) throw new Error('nobody listens');
    return last;
  }

  /** What is heard now, by anybody. */
  get playing(): readonly (string | undefined)[] {
    return this.listeners.filter(({ isClosed }) => !isClosed).map(({ played }) => played.at(-1));
  }
}
