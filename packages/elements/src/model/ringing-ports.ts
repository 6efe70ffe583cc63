/** The tones of a phone; `waiting` is for a user who talks already. */
export type Tone = 'ring' | 'waiting' | 'ringback';

/** What sounds; it plays one tone until told otherwise. */
export interface Sounder {
  /** Whether the browser keeps this page silent until somebody touches it. */
  readonly isBlocked: boolean;
  play(tone: Tone | undefined): void;
  /** Runs when `isBlocked` changes, until the returned function is called. */
  watch(changed: () => void): () => void;
}

/** How the pages of one user in one browser agree on the one that rings aloud. */
export interface Election {
  /** Asks for the word; `won` is told whether another page had it before. The returned function gives it back. */
  stand(won: (hadToWait: boolean) => void): () => void;
  /** Whether a page has the word, this one or another. */
  isTaken(): Promise<boolean>;
}

/** Whether this device could answer. */
export interface MicrophoneCheck {
  /** Known without opening anything; false while it is not known. */
  readonly isMissing: boolean;
  watch(changed: () => void): () => void;
}

/** A started timer. */
export interface Timer {
  cancel(): void;
}

/** Time, passed in so that tests can hold it. */
export interface Clock {
  after(ms: number, run: () => void): Timer;
}
