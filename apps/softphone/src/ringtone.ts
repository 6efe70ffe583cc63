/** A sound that repeats: its tones in hertz, and how many seconds it sounds and pauses. */
interface Pattern {
  readonly tones: readonly number[];
  readonly soundSeconds: number;
  readonly pauseSeconds: number;
  readonly volume: number;
}

/** What the callee hears: two tones, as a bell has. */
const RING: Pattern = {
  tones: [740, 932],
  soundSeconds: 1.2,
  pauseSeconds: 1.8,
  volume: 0.16,
};

/** What the caller hears: the tone of ITU-T E.180, softly. */
const RINGBACK: Pattern = { tones: [425], soundSeconds: 1, pauseSeconds: 4, volume: 0.06 };

const PATTERNS = { ring: RING, ringback: RINGBACK } as const;

/** The softphone's tones, made by the browser itself. */
export class Ringtone {
  /** Made at once: only an existing context knows whether the browser lets it sound. */
  readonly #context = new AudioContext();
  #playing: keyof typeof PATTERNS | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #gain: GainNode | undefined;

  constructor() {
    for (const touch of ['pointerdown', 'keydown'] as const) {
      document.addEventListener(touch, this.#resume);
    }
  }

  /** Whether the browser keeps this page silent until somebody touches it. */
  get isBlocked(): boolean {
    return this.#context.state !== 'running';
  }

  /** Runs once the page may sound. */
  onceAudible(run: () => void): void {
    const look = () => {
      if (this.isBlocked) return;
      this.#context.removeEventListener('statechange', look);
      run();
    };
    this.#context.addEventListener('statechange', look);
  }

  /** Plays one tone until told otherwise; the same one again goes on undisturbed. */
  play(name: keyof typeof PATTERNS | undefined): void {
    if (name === this.#playing) return;
    this.stop();
    if (name === undefined) return;
    this.#playing = name;
    this.#sound(PATTERNS[name]);
  }

  /** Silence, at once. */
  stop(): void {
    clearTimeout(this.#next);
    this.#gain?.disconnect();
    this.#gain = undefined;
    this.#playing = undefined;
  }

  /** Ends it for good. */
  close(): void {
    this.stop();
    for (const touch of ['pointerdown', 'keydown'] as const) {
      document.removeEventListener(touch, this.#resume);
    }
    void this.#context.close();
  }

  readonly #resume = () => {
    if (this.#context.state === 'suspended') void this.#context.resume();
  };

  #sound(pattern: Pattern): void {
    const context = this.#context;
    const { tones, soundSeconds, pauseSeconds, volume } = pattern;
    this.#gain?.disconnect();
    const gain = context.createGain();
    const start = context.currentTime;
    // Short ramps: a tone cut hard clicks.
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + 0.04);
    gain.gain.setValueAtTime(volume, start + soundSeconds - 0.08);
    gain.gain.linearRampToValueAtTime(0, start + soundSeconds);
    gain.connect(context.destination);
    for (const frequency of tones) {
      const oscillator = new OscillatorNode(context, { frequency });
      oscillator.connect(gain);
      oscillator.start(start);
      oscillator.stop(start + soundSeconds);
    }
    this.#gain = gain;
    this.#next = setTimeout(() => this.#sound(pattern), (soundSeconds + pauseSeconds) * 1000);
  }
}
