import { Changing } from '../model/changing.ts';
import type { Sounder, Tone } from '../model/ringing-ports.ts';

/** A sound that repeats: its tones in hertz, and how many seconds it sounds and pauses. */
interface Pattern {
  readonly tones: readonly number[];
  readonly soundSeconds: number;
  readonly pauseSeconds: number;
  readonly volume: number;
}

/** What the callee hears: two tones, as a bell has. */
const RING: Pattern = { tones: [740, 932], soundSeconds: 1.2, pauseSeconds: 1.8, volume: 0.16 };

/** What the caller hears: the tone of ITU-T E.180, softly. */
const RINGBACK: Pattern = { tones: [425], soundSeconds: 1, pauseSeconds: 4, volume: 0.06 };

/** What the callee hears who is in a call: a short tone between long pauses, as China has it (ITU-T E.180, Supplement 2). */
const WAITING: Pattern = { tones: [450], soundSeconds: 0.4, pauseSeconds: 4, volume: 0.05 };

const PATTERNS = { ring: RING, waiting: WAITING, ringback: RINGBACK } as const satisfies Record<
  Tone,
  Pattern
>;

const TOUCHES = ['pointerdown', 'keydown'] as const;

/** The tones of a phone, made by the browser itself. */
export class Tones extends Changing implements Sounder {
  /** Made at once: only an existing context knows whether the browser lets it sound. */
  readonly #context = new AudioContext();
  #playing: Tone | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #gain: GainNode | undefined;

  constructor() {
    super();
    this.#context.addEventListener('statechange', () => this.changed());
    for (const touch of TOUCHES) document.addEventListener(touch, this.#resume, true);
  }

  get isBlocked(): boolean {
    return this.#context.state !== 'running';
  }

  /** What is played just now. */
  get playing(): Tone | undefined {
    return this.#playing;
  }

  play(tone: Tone | undefined): void {
    if (tone === this.#playing) return;
    this.#stop();
    this.#playing = tone;
    if (tone !== undefined) this.#sound(PATTERNS[tone]);
  }

  /** Ends it for good. */
  close(): void {
    this.#stop();
    for (const touch of TOUCHES) document.removeEventListener(touch, this.#resume, true);
    void this.#context.close();
  }

  #stop(): void {
    clearTimeout(this.#next);
    this.#gain?.disconnect();
    this.#gain = undefined;
    this.#playing = undefined;
  }

  readonly #resume = () => {
    if (this.#context.state === 'suspended') void this.#context.resume();
  };

  #sound(pattern: Pattern): void {
    const { tones, soundSeconds, pauseSeconds, volume } = pattern;
    const context = this.#context;
    this.#gain?.disconnect();
    this.#gain = swell(context, volume, soundSeconds);
    for (const frequency of tones) {
      const oscillator = new OscillatorNode(context, { frequency });
      oscillator.connect(this.#gain);
      oscillator.start(context.currentTime);
      oscillator.stop(context.currentTime + soundSeconds);
    }
    this.#next = setTimeout(() => this.#sound(pattern), (soundSeconds + pauseSeconds) * 1000);
  }
}

/** Short ramps at both ends: a tone cut hard clicks. */
function swell(context: AudioContext, volume: number, seconds: number): GainNode {
  const gain = context.createGain();
  const start = context.currentTime;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume, start + 0.04);
  gain.gain.setValueAtTime(volume, start + seconds - 0.08);
  gain.gain.linearRampToValueAtTime(0, start + seconds);
  gain.connect(context.destination);
  return gain;
}
