import type { Tone, ToneKind } from '../media/media.ts';

/** The frequency of the tones of European and Chinese networks (ETSI TR 101 041-2), which is none of a voice's vowels. */
const HERTZ = 425;
const LOUDNESS = 0.15;

/** One beep so long, and the next so much later. */
interface Pattern {
  readonly beepSeconds: number;
  readonly everySeconds: number;
}

const PATTERNS: Readonly<Record<ToneKind, Pattern>> = {
  /** A sign of life that nobody takes for a ringing phone. */
  hold: { beepSeconds: 0.3, everySeconds: 3 },
  /** The busy tone of China. */
  busy: { beepSeconds: 0.35, everySeconds: 0.7 },
};

/** Beeps that are soft at both their ends. */
export function createTone(kind: ToneKind): Tone {
  const { beepSeconds, everySeconds } = PATTERNS[kind];
  const context = new AudioContext();
  const { sampleRate } = context;
  const loop = context.createBuffer(1, everySeconds * sampleRate, sampleRate);
  const samples = loop.getChannelData(0);
  for (let i = 0; i < beepSeconds * sampleRate; i++) {
    const seconds = i / sampleRate;
    const envelope = Math.sin((Math.PI * seconds) / beepSeconds);
    samples[i] = LOUDNESS * envelope * Math.sin(2 * Math.PI * HERTZ * seconds);
  }
  const source = context.createBufferSource();
  source.buffer = loop;
  source.loop = true;
  const destination = context.createMediaStreamDestination();
  source.connect(destination);
  source.start();
  return { stream: destination.stream, stop: () => void context.close() };
}
